// What a threshold probability gives: the counts come from the page, and this divides and draws
// them.
"use strict";

// TP, FP, FN and TN at one place of the list of thresholds, and what is made of them; null where it
// is undefined.
function thresholdMeasures(counts, thresholds, place) {
  const threshold = thresholds[place];
  const [tp, fp, n, events] = [counts.tp[place], counts.fp[place], counts.n, counts.events];
  const [fn, tn] = [events - tp, n - events - fp];
  const share = (part, whole) => (whole > 0 ? part / whole : null);
  const odds = threshold / (1 - threshold);
  return {
    threshold,
    tp,
    fp,
    fn,
    tn,
    n,
    events,
    sensitivity: share(tp, tp + fn),
    specificity: share(tn, tn + fp),
    ppv: counts.ppv ? counts.ppv[place] : share(tp, tp + fp),
    npv: counts.npv ? counts.npv[place] : share(tn, tn + fn),
    netBenefit: tp / n - (fp / n) * odds,
    treatAll: events / n - ((n - events) / n) * odds,
    needed: share(tp + fp, tp),
  };
}

// Decimals as the article has them: a value midway between two goes to the even one.
function thresholdNumber(value, decimals) {
  if (value === null) return "–";
  let text = value.toFixed(decimals);
  const exact = Math.abs(value).toFixed(20);
  const rest = exact.slice(exact.indexOf(".") + 1 + decimals);
  if (/^50*$/.test(rest)) {
    const below = exact.slice(0, exact.length - rest.length);
    if (Number(below.at(-1)) % 2 === 0) text = (value < 0 ? "-" : "") + below;
  }
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

if (typeof module !== "undefined") module.exports = { thresholdMeasures, thresholdNumber };

if (typeof document !== "undefined") {
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const drawn = (tag, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [250, 220, 38, 8, 8, 36];
  // Lowest net benefit that is drawn.
  const FLOOR = -0.2;

  // A picture of one curve: axes from low to high, then what is drawn on them.
  class Chart {
    constructor(title, across, up, [yLow, yHigh], yTicks) {
      [this.yLow, this.yHigh] = [yLow, yHigh];
      this.svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
      this.place = element(
        "figure",
        { className: "explorer-chart" },
        this.svg,
        element("figcaption", { textContent: title }),
      );
      this.fixed = drawn("g", {});
      this.moving = drawn("g", {});
      const axes = drawn("g", { class: "axes" });
      axes.append(drawn("path", { d: `M${LEFT} ${TOP}V${this.y(yLow)}H${this.x(1)}` }));
      [0, 0.5, 1].forEach((tick) =>
        axes.append(
          drawn(
            "text",
            { x: this.x(tick), y: this.y(yLow) + 13, "text-anchor": "middle" },
            String(tick),
          ),
        ),
      );
      yTicks.forEach((tick) =>
        axes.append(
          drawn(
            "text",
            { x: LEFT - 4, y: this.y(tick) + 4, "text-anchor": "end" },
            String(tick).replace("-", "−"),
          ),
        ),
      );
      axes.append(
        drawn(
          "text",
          { x: (LEFT + this.x(1)) / 2, y: HEIGHT - 5, "text-anchor": "middle" },
          across,
        ),
      );
      axes.append(
        drawn(
          "text",
          {
            transform: `translate(10 ${(TOP + this.y(yLow)) / 2}) rotate(-90)`,
            "text-anchor": "middle",
          },
          up,
        ),
      );
      this.svg.append(axes, this.fixed, this.moving);
    }
    x(value) {
      return LEFT + value * (WIDTH - LEFT - RIGHT);
    }
    y(value) {
      return TOP + ((this.yHigh - value) / (this.yHigh - this.yLow)) * (HEIGHT - TOP - BOTTOM);
    }
    // A point below the picture interrupts the line.
    path(points) {
      const inside = (point) => point !== undefined && point[1] >= this.yLow;
      return points
        .map(([x, y], number) => {
          const stroke = inside(points[number - 1]) ? "L" : "M";
          return inside([x, y]) ? `${stroke}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}` : "";
        })
        .join("");
    }
    line(points, name) {
      this.fixed.append(drawn("path", { d: this.path(points), class: name }));
    }
    band(points) {
      this.fixed.append(drawn("path", { d: this.path(points) + "Z", class: "band" }));
    }
    words(text) {
      this.fixed.append(
        drawn("text", { x: (LEFT + this.x(1)) / 2, y: HEIGHT / 2, "text-anchor": "middle" }, text),
      );
    }
    clear() {
      this.fixed.replaceChildren();
    }
    mark(x, points, label) {
      this.moving.replaceChildren();
      if (x !== null)
        this.moving.append(
          drawn("path", {
            d: this.path([
              [x, this.yLow],
              [x, this.yHigh],
            ]),
            class: "at",
          }),
        );
      points.forEach(([across, up]) =>
        this.moving.append(
          drawn("circle", { cx: this.x(across).toFixed(1), cy: this.y(up).toFixed(1), r: 4.5 }),
        ),
      );
      this.svg.setAttribute("aria-label", label);
    }
  }

  // Height of a line through points at x; null outside of them.
  const heightAt = ([xs, ys], x) => {
    const after = xs.findIndex((each) => each >= x);
    if (after < 0 || (after === 0 && xs[0] !== x)) return null;
    if (xs[after] === x) return ys[after];
    return (
      ys[after - 1] +
      ((x - xs[after - 1]) / (xs[after] - xs[after - 1])) * (ys[after] - ys[after - 1])
    );
  };

  document.querySelectorAll(".threshold-explorer").forEach((place) => {
    const data = JSON.parse(place.querySelector("script").textContent);
    const number = (value) => thresholdNumber(value, data.decimals);
    const count = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
    const percent = (value) => String(Math.round(value * 1000) / 10) + "%";
    const list = (label, entries) => {
      const select = element("select");
      entries.forEach(([value, words]) => select.add(new Option(words, value)));
      return [select, element("label", {}, element("span", { textContent: label }), select)];
    };
    const [models, modelRow] = list(
      "Model",
      data.models.map((each) => [each.id, each.label]),
    );
    const [cohorts, cohortRow] = list("Cohort", []);
    const slider = element("input", { type: "range", min: 0, step: 1 });
    const shown = element("b");
    const sliderRow = element(
      "label",
      { className: "threshold" },
      element("span", {}, "Threshold probability ", shown),
      slider,
    );
    const named = element("p", { className: "named" });
    const form = element("form", {}, modelRow, cohortRow, sliderRow, named);
    const cells = Object.fromEntries(["tp", "fp", "fn", "tn"].map((name) => [name, element("td")]));
    const head = (...words) =>
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...words.map((each) => element("th", { scope: "col", textContent: each })),
        ),
      );
    const row = (words, ...others) =>
      element("tr", {}, element("th", { scope: "row", textContent: words }), ...others);
    const table = element(
      "table",
      {},
      element("caption", { textContent: "Patients" }),
      head("", "Event", "No event"),
      element(
        "tbody",
        {},
        row("At or above the threshold", cells.tp, cells.fp),
        row("Below", cells.fn, cells.tn),
      ),
    );
    const values = {};
    const MEASURES = [
      ["sensitivity", "Sensitivity", "tp", "fn"],
      ["specificity", "Specificity", "tn", "fp"],
      ["ppv", "PPV", "tp", "fp"],
      ["npv", "NPV", "tn", "fn"],
      ["netBenefit", "Net benefit"],
      ["treatAll", "Net benefit, treating all"],
      ["treatNone", "Net benefit, treating none"],
      ["needed", "Number needed to treat per true positive"],
    ];
    const measures = element(
      "table",
      {},
      element("caption", { textContent: "Measures" }),
      element(
        "tbody",
        {},
        ...MEASURES.map(([name, words]) => {
          const [value, of] = [element("td"), element("td")];
          values[name] = [value, of];
          value.dataset.measure = name;
          return row(words, value, of);
        }),
      ),
    );
    const output = element("output");
    output.setAttribute("aria-live", "polite");
    // Net benefit cannot exceed the share of events: one scale for all models and cohorts.
    const most = Math.max(
      ...data.models.flatMap((each) =>
        Object.values(each.cohorts).map((counts) => counts.events / counts.n),
      ),
    );
    const top = Math.ceil(most * 5) / 5;
    const charts = {
      roc: new Chart("ROC curve", "1 − specificity", "Sensitivity", [0, 1], [0, 0.5, 1]),
      calibration: new Chart(
        "Calibration curve with its band",
        "Predicted probability",
        "Observed proportion",
        [0, 1],
        [0, 0.5, 1],
      ),
      decision: new Chart(
        "Decision curve (dashed: treating all; dotted: none; shaded: thresholds of the article)",
        "Threshold probability",
        "Net benefit",
        [FLOOR, top],
        [FLOOR, 0, top],
      ),
    };
    let model, counts;

    const show = () => {
      const at = Number(slider.value);
      const found = thresholdMeasures(counts, model.thresholds, at);
      shown.textContent = percent(found.threshold);
      slider.setAttribute("aria-valuetext", percent(found.threshold));
      Object.entries(cells).forEach(([name, cell]) => {
        cell.replaceChildren(
          count(found[name]),
          element("small", { textContent: " " + name.toUpperCase() }),
        );
      });
      found.treatNone = 0;
      MEASURES.forEach(([name, , ...of]) => {
        values[name][0].textContent =
          name === "needed" && found.needed !== null
            ? found.needed.toFixed(1)
            : number(found[name]);
        values[name][1].textContent = of.length
          ? `${count(found[of[0]])}/${count(found[of[0]] + found[of[1]])}`
          : "";
      });
      output.textContent =
        `${percent(found.threshold)}: ${count(found.tp + found.fp)} of ${found.n} patients are` +
        ` positive, ${count(found.tp)} of them with ${data.event}.`;
      charts.roc.mark(
        null,
        [[found.fp / (found.n - found.events), found.sensitivity]],
        `ROC curve; at ${percent(found.threshold)} sensitivity ${number(found.sensitivity)},` +
          ` specificity ${number(found.specificity)}`,
      );
      const observed = counts.calibration && heightAt(counts.calibration, found.threshold);
      charts.calibration.mark(
        found.threshold,
        observed === null ? [] : [[found.threshold, observed]],
        "Calibration curve" +
          (observed === null
            ? ""
            : `; at a predicted ${percent(found.threshold)} the curve has ${percent(observed)}`),
      );
      charts.decision.mark(
        found.threshold,
        found.netBenefit >= FLOOR ? [[found.threshold, found.netBenefit]] : [],
        `Decision curve; at ${percent(found.threshold)} net benefit ${number(found.netBenefit)},` +
          ` treating all ${number(found.treatAll)}`,
      );
    };
    const draw = () => {
      counts = model.cohorts[cohorts.value];
      Object.values(charts).forEach((chart) => chart.clear());
      charts.roc.line(
        [
          [0, 0],
          [1, 1],
        ],
        "reference",
      );
      charts.roc.line(
        counts.roc[0].map((x, number) => [x, counts.roc[1][number]]),
        "curve",
      );
      charts.calibration.line(
        [
          [0, 0],
          [1, 1],
        ],
        "reference",
      );
      if (counts.calibration) {
        const [xs, ys, low, high] = counts.calibration;
        const pairs = (heights) =>
          xs.map((x, number) => [x, heights[number]]).filter(([, y]) => y !== null);
        charts.calibration.band([...pairs(low), ...pairs(high).reverse()]);
        charts.calibration.line(
          pairs(ys).map(([x, y]) => [x, Math.min(Math.max(y, 0), 1)]),
          "curve",
        );
      } else charts.calibration.words("no curve: too few patients");
      const [low, high] = data.range;
      charts.decision.band([
        [low, FLOOR],
        [high, FLOOR],
        [high, top],
        [low, top],
      ]);
      const every = model.thresholds.map((_, at) =>
        thresholdMeasures(counts, model.thresholds, at),
      );
      charts.decision.line(
        [
          [0, 0],
          [1, 0],
        ],
        "none",
      );
      charts.decision.line(
        every.map((each) => [each.threshold, each.treatAll]),
        "all",
      );
      charts.decision.line(
        every.map((each) => [each.threshold, each.netBenefit]),
        "curve",
      );
      show();
    };
    const nearest = (threshold) =>
      model.thresholds.reduce(
        (best, each, at) =>
          Math.abs(each - threshold) < Math.abs(model.thresholds[best] - threshold) ? at : best,
        0,
      );
    const choose = (threshold) => {
      model = data.models.find((each) => each.id === models.value);
      const cohort = cohorts.value || data.opens.cohort;
      cohorts.replaceChildren(
        ...Object.keys(model.cohorts).map((each) => new Option(data.cohorts[each], each)),
      );
      cohorts.value = cohort in model.cohorts ? cohort : Object.keys(model.cohorts)[0];
      slider.max = model.thresholds.length - 1;
      slider.value = nearest(threshold);
      named.replaceChildren(
        "Go to: ",
        ...Object.entries(model.named).flatMap(([words, threshold], order) => {
          const button = element("button", {
            type: "button",
            className: "as-link",
            textContent: `${words} (${percent(threshold)})`,
          });
          button.addEventListener("click", () => {
            slider.value = nearest(threshold);
            show();
          });
          return order ? [", ", button] : [button];
        }),
      );
      draw();
    };
    models.addEventListener("input", () => choose(model.thresholds[slider.value]));
    cohorts.addEventListener("input", draw);
    slider.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    place.append(
      form,
      element("div", { className: "tables" }, table, measures),
      output,
      element("div", { className: "charts" }, ...Object.values(charts).map((chart) => chart.place)),
    );
    if (data.models.some((each) => each.id === data.opens.model)) models.value = data.opens.model;
    choose(data.opens.threshold);
  });
}
