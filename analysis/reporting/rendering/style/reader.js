// The page for its reader: where a number comes from, tables that sort and can be saved, figures
// that can be enlarged. No library, no network.
"use strict";
(() => {
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // What can be done with a figure or a table: one menu, at the end of its caption or where `put`
  // puts it.
  const FLOAT = "[id^='fig-']:not(figcaption), [id^='tbl-']:not(figcaption)";
  const menus = new Map();
  const menuOf = (float, put) => {
    if (!menus.has(float)) {
      const summary = make("summary", { textContent: "⋯", title: "More" });
      const list = make("span", { className: "menu-list" });
      const menu = make("details", { className: "part-menu" }, summary, list);
      const words = float
        ?.querySelector?.("figcaption")
        ?.textContent.trim()
        .match(/^(Figure|Table)\s+[A-Z]?\d+/)?.[0];
      summary.setAttribute(
        "aria-label",
        "More on " +
          (words ?? float.id?.replace("fig-", "figure ").replace("tbl-", "table ") ?? "this"),
      );
      // Within the window, wherever the caption ends.
      menu.addEventListener("toggle", () => {
        list.style.left = "0";
        if (menu.open)
          list.style.left =
            Math.min(
              0,
              document.documentElement.clientWidth - 8 - list.getBoundingClientRect().right,
            ) + "px";
      });
      put(menu);
      menus.set(float, list);
    }
    return menus.get(float);
  };
  const closeMenus = (but, back) =>
    document.querySelectorAll("details.part-menu[open]").forEach((menu) => {
      if (menu === but) return;
      if (back && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });

  // Where a number comes from. Hovering shows the title; a click, or Enter while sources are shown,
  // a box that stays.
  const results = [...document.querySelectorAll(".result")];
  const box = make("div", { className: "source-box", hidden: true, tabIndex: -1 });
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Source");
  document.body.append(box);
  let opener = null;
  const close = (back) => {
    if (box.hidden) return;
    box.hidden = true;
    opener?.removeAttribute("aria-expanded");
    if (back) opener?.focus();
  };
  const open = (element) => {
    close(false);
    // What stands in a menu is gone with it.
    opener = element.closest(".part-menu")?.querySelector("summary") ?? element;
    const list = make("ul");
    element.dataset.source
      .split(" · ")
      .forEach((part) => list.append(make("li", { textContent: part })));
    const button = make("button", { type: "button", textContent: "Close" });
    button.addEventListener("click", () => close(true));
    box.replaceChildren(list, button);
    box.hidden = false;
    if (opener === element) element.setAttribute("aria-expanded", "true");
    const at = opener.getBoundingClientRect();
    const room = document.documentElement.clientWidth - box.offsetWidth - 8;
    box.style.left = Math.max(8, Math.min(at.left, room)) + window.scrollX + "px";
    box.style.top = at.bottom + window.scrollY + 6 + "px";
    box.focus();
  };
  results.forEach((element) => {
    element.dataset.source = element.title;
  });
  // The mark of a caption is in its menu from the start; numbers become reachable by keyboard when
  // the reader asks for it.
  results
    .filter((element) => element.classList.contains("made-by"))
    .forEach((element) => {
      const button = make("button", {
        type: "button",
        className: element.className,
        textContent: "Source",
        title: element.title,
      });
      button.dataset.source = element.title;
      menuOf(element.closest(FLOAT) ?? element, (menu) => element.replaceWith(menu)).append(button);
      element.remove();
    });
  document.addEventListener("click", (event) => {
    const element = event.target.closest(".result");
    if (element) open(element);
    else if (!event.target.closest(".source-box")) close(false);
    closeMenus(event.target.closest("summary")?.parentElement);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeMenus(null, true);
      close(true);
    } else if (
      (event.key === "Enter" || event.key === " ") &&
      event.target.matches("span.result")
    ) {
      event.preventDefault();
      open(event.target);
    }
  });
  const numbers = results.filter((element) => !element.classList.contains("made-by"));
  if (numbers.length) {
    const toggle = make("button", {
      type: "button",
      className: "show-sources",
      textContent: "Show where numbers come from",
    });
    toggle.setAttribute("aria-pressed", "false");
    toggle.addEventListener("click", () => {
      const on = document.body.classList.toggle("sources");
      toggle.setAttribute("aria-pressed", String(on));
      numbers.forEach((element) => {
        if (on) {
          element.tabIndex = 0;
          element.setAttribute("role", "button");
        } else {
          element.removeAttribute("tabindex");
          element.removeAttribute("role");
        }
      });
    });
    (document.querySelector("nav#TOC") ?? document.querySelector("header"))?.after(toggle);
  }

  // Tables.
  const text = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
  const value = (cell) => {
    const number = parseFloat(
      text(cell)
        .replace("−", "-")
        .replace(/^[<>]\s*/, "")
        .replace(/^(-?)\./, "$10."),
    );
    return Number.isNaN(number) ? null : number;
  };
  const compare = (a, b, way) => {
    const [x, y] = [value(a), value(b)];
    if (x !== null && y !== null) return way * (x - y);
    if (x !== null || y !== null) return x !== null ? -1 : 1; // what is no number stays below
    return way * text(a).localeCompare(text(b));
  };
  // The header of each column, from rows with spans: the lowest cell that covers it, and the words
  // above it.
  const headers = (table) => {
    const rows = [...(table.tHead?.rows ?? [])];
    const grid = rows.map(() => []);
    rows.forEach((row, y) => {
      let x = 0;
      [...row.cells].forEach((cell) => {
        while (grid[y][x]) x += 1;
        for (let down = 0; down < cell.rowSpan && y + down < rows.length; down += 1)
          for (let right = 0; right < cell.colSpan; right += 1) grid[y + down][x + right] = cell;
        x += cell.colSpan;
      });
    });
    return grid.length
      ? grid[grid.length - 1].map((cell, x) => ({
          cell,
          words: [...new Set(grid.map((row) => row[x]))].map(text).join(", "),
        }))
      : [];
  };
  document.querySelectorAll("table").forEach((table) => {
    const columns = headers(table);
    const body = table.tBodies[0];
    if (!columns.length || !body || table.closest(".nomogram-calculator")) return;
    const figure = table.closest("[id^='tbl-']");
    const name = figure?.id ?? "table";
    const caption = figure?.querySelector("figcaption");
    const scroll = table.closest(".table-scroll");
    if (scroll) {
      scroll.tabIndex = 0;
      scroll.setAttribute("role", "region");
      scroll.setAttribute("aria-label", caption ? text(caption).slice(0, 80) : "Table");
    }
    const csv = [
      columns.map((column) => column.words),
      ...[...body.rows].map((row) => [...row.cells].map(text)),
    ]
      .map((cells) => cells.map((cell) => '"' + cell.replaceAll('"', '""') + '"').join(","))
      .join("\r\n");
    const save = make("button", {
      type: "button",
      className: "save-table",
      textContent: "Save as CSV",
    });
    save.addEventListener("click", () => {
      const link = make("a", {
        href: URL.createObjectURL(new Blob(["\ufeff" + csv], { type: "text/csv" })),
        download: name + ".csv",
      });
      link.click();
      URL.revokeObjectURL(link.href);
    });
    menuOf(figure ?? table, (menu) =>
      caption ? caption.append(menu) : (scroll ?? table).after(menu),
    ).append(save);
    // Levels that are indented under their variable have no order of their own.
    if (
      body.rows.length < 3 ||
      [...body.rows].some((row) => row.cells[0].textContent.startsWith("\u2003"))
    )
      return;
    columns.forEach(({ cell }, x) => {
      const button = make("button", { type: "button", className: "sort", title: "Sort" });
      // A number in a header opens its source by itself, so it can't stand inside of a button.
      if (cell.querySelector(".result")) button.setAttribute("aria-label", "Sort by " + text(cell));
      else button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const way = cell.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        columns.forEach((other) => other.cell.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
        [...body.rows]
          .sort((a, b) => compare(a.cells[x], b.cells[x], way))
          .forEach((row) => body.append(row));
      });
    });
  });

  // Figures.
  const dialog = make("dialog", { className: "enlarged" });
  dialog.setAttribute("aria-label", "Enlarged figure");
  document.body.append(dialog);
  dialog.addEventListener("click", () => dialog.close());
  document.querySelectorAll("[id^='fig-'] img").forEach((image) => {
    const button = make("button", { type: "button", className: "enlarge", textContent: "Enlarge" });
    const figure = image.closest("[id^='fig-']");
    const caption = figure.querySelector("figcaption");
    menuOf(figure, (menu) => (caption ? caption.append(menu) : image.after(menu))).prepend(button);
    button.addEventListener("click", () => {
      dialog.replaceChildren(
        make("img", { src: image.src, alt: image.alt }),
        make("button", { type: "button", textContent: "Close" }),
      );
      dialog.showModal();
    });
  });
})();
