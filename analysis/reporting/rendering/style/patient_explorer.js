// One patient's probabilities by all models, and what each term of the fused model adds, from the
// page's own data.
"use strict";

// How many models classify a patient as the outcome says, of those with a cut-off; null without an
// outcome.
function patientAgreement([, , outcome, sides]) {
  const judged = [...sides].filter((each) => each !== "-");
  if (outcome === null || !judged.length) return null;
  return [judged.filter((each) => Number(each) === outcome).length, judged.length];
}

if (typeof module !== "undefined") module.exports = { patientAgreement };

if (typeof document !== "undefined") {
  document.querySelectorAll(".patient-explorer").forEach((place) => {
    const data = JSON.parse(place.querySelector("script").textContent);
    const make = (tag, properties = {}, ...children) => {
      const made = Object.assign(document.createElement(tag), properties);
      made.append(...children);
      return made;
    };
    const list = (label, entries) => {
      const select = make("select");
      entries.forEach(([value, words]) => select.add(new Option(words, value)));
      return [select, make("label", {}, make("span", { textContent: label }), select)];
    };
    const outcomes = { 1: data.event, 0: `no ${data.event}`, null: "unknown outcome" };
    const missed = (patient) => {
      const found = patientAgreement(patient);
      return found !== null && found[0] < found[1];
    };
    const GROUPS = [
      ["all", "all patients", () => true],
      ...Object.entries(data.cohorts).map(([id, label]) => [
        id,
        label,
        (patient) => patient[1] === id,
      ]),
      ["missed", "a model classifies wrongly", missed],
      ...(data.explained
        ? [["explained", "with an explanation", (patient) => patient[0] in data.explained.by]]
        : []),
    ];
    const [groups, groupRow] = list(
      "Show",
      GROUPS.map(([id, words]) => [id, words]),
    );
    const [patients, patientRow] = list("Patient", []);
    const output = make("output");
    output.setAttribute("aria-live", "polite");
    // Of threshold_explorer.js, on the same page.
    const number = (value) => thresholdNumber(value, data.decimals);
    // A bar from `from` to `to` of a scale of 0 to 1, with a line at `line`.
    const bar = (from, to, line) => {
      const track = make("span", { className: "track" });
      const filled = make("span", { className: "filled" });
      filled.style.left = 100 * Math.min(from, to) + "%";
      filled.style.width = 100 * Math.abs(to - from) + "%";
      track.append(filled);
      if (line !== null) {
        const mark = make("span", { className: "cut" });
        mark.style.left = 100 * line + "%";
        track.append(mark);
      }
      return track;
    };
    const row = (words, ...cells) =>
      make(
        "tr",
        {},
        make("th", { scope: "row", textContent: words }),
        ...cells.map((each) => make("td", {}, each)),
      );
    const table = make(
      "table",
      {},
      make("caption", { textContent: "Predicted probability" }),
      make("tbody"),
    );
    const pictures = make("div", { className: "pictures", hidden: true });
    const why = make("table", {}, make("caption"), make("tbody"));
    const show = () => {
      const patient = data.patients.find((each) => each[0] === patients.value);
      table.hidden = !patient;
      why.hidden = pictures.hidden = true;
      if (!patient) {
        output.textContent = "No patient.";
        return;
      }
      const [name, cohort, outcome, sides, ...probabilities] = patient;
      const agreement = patientAgreement(patient);
      output.textContent =
        `${name}, ${data.cohorts[cohort]}: ${outcomes[outcome]}.` +
        (agreement ? ` ${agreement[0]} of ${agreement[1]} models classify correctly.` : "");
      table.tBodies[0].replaceChildren(
        ...data.models.map((model, at) => {
          const value = probabilities[at];
          const side = { 1: "high risk", 0: "low risk" }[sides[at]] ?? "";
          return row(model.label, bar(0, value ?? 0, model.cutoff), number(value), side);
        }),
      );
      const shown = data.pictures?.by[name];
      if (shown) {
        pictures.hidden = false;
        pictures.replaceChildren(
          ...data.pictures.phases.map((phase, at) =>
            make(
              "div",
              {},
              make("img", {
                src: shown[at],
                width: 144,
                height: 144,
                alt: `Largest section of the tumour of ${name}, ${phase}, with its outline`,
              }),
              make("p", { textContent: phase }),
            ),
          ),
        );
      }
      const added = data.explained?.by[name];
      if (!added) return;
      const most = Math.max(...Object.values(data.explained.by).flat().map(Math.abs)) || 1;
      why.hidden = false;
      why.caption.textContent =
        `What each term adds to the log odds of ${data.explained.model},` +
        " against a patient of mean values";
      why.tBodies[0].replaceChildren(
        ...data.explained.terms.map((term, at) =>
          row(
            term,
            bar(0.5, 0.5 + added[at] / most / 2, 0.5),
            (added[at] > 0 ? "+" : "") + added[at].toFixed(2).replace("-", "−"),
          ),
        ),
      );
    };
    const fill = () => {
      const [, , holds] = GROUPS.find(([id]) => id === groups.value);
      const kept = patients.value;
      patients.replaceChildren(
        ...data.patients
          .filter(holds)
          .map(([name, , outcome]) => new Option(`${name}, ${outcomes[outcome]}`, name)),
      );
      if ([...patients.options].some((each) => each.value === kept)) patients.value = kept;
      show();
    };
    const form = make("form", {}, groupRow, patientRow);
    form.addEventListener("submit", (event) => event.preventDefault());
    groups.addEventListener("input", fill);
    patients.addEventListener("input", show);
    place.append(form, output, make("div", { className: "tables" }, pictures, table, why));
    fill();
  });
}
