// Risk by the nomogram's formula: the log odds are intercept + sum of slope times term.
"use strict";

function nomogramTerm(term, value) {
  if (term.kind === "doubling") return Math.log2(value);
  if (term.kind === "logit") {
    const inside = Math.min(Math.max(value, term.clip), 1 - term.clip);
    return Math.log(inside / (1 - inside));
  }
  return value;
}

function nomogramRisk(model, values) {
  const logOdds = model.terms.reduce(
    (sum, term) => sum + term.slope * nomogramTerm(term, values[term.term]),
    model.intercept,
  );
  return 1 / (1 + Math.exp(-logOdds));
}

if (typeof module !== "undefined") module.exports = { nomogramRisk };

if (typeof document !== "undefined") {
  document.querySelectorAll(".nomogram-calculator").forEach((place) => {
    const model = JSON.parse(place.querySelector("script").textContent);
    const form = document.createElement("form");
    const output = document.createElement("output");
    output.setAttribute("aria-live", "polite");
    const lists = {};
    const inputs = model.terms.map((term) => {
      const listed = term.kind === "level";
      if (listed && lists[term.factor]) {
        lists[term.factor].add(new Option(term.level, term.term));
        return lists[term.factor];
      }
      const row = document.createElement("label");
      const input = document.createElement(listed ? "select" : "input");
      if (listed) {
        lists[term.factor] = input;
        input.add(new Option(term.reference, ""));
        input.add(new Option(term.level, term.term));
      } else {
        input.type = "number";
        input.step = "any";
        input.value = term.start;
        input.required = true;
        if (term.kind === "logit") {
          input.min = 0;
          input.max = 1;
        }
        if (term.kind === "doubling") input.min = term.low > 0 ? term.low / 1000 : 0;
      }
      const name = document.createElement("span");
      name.textContent = listed ? term.factor : term.label;
      row.append(name, input);
      form.append(row);
      return input;
    });
    const show = () => {
      const values = {};
      const faults = [];
      model.terms.forEach((term, number) => {
        const input = inputs[number];
        values[term.term] =
          term.kind === "level" ? Number(input.value === term.term) : input.valueAsNumber;
        if (Number.isNaN(values[term.term]) || (term.kind === "doubling" && values[term.term] <= 0))
          faults.push(term.label);
        else if (
          term.kind !== "level" &&
          (values[term.term] < term.low || values[term.term] > term.high)
        )
          input.setAttribute("data-outside", "");
        else input.removeAttribute("data-outside");
      });
      if (faults.length) {
        output.textContent = "Needs a value: " + faults.join(", ");
        return;
      }
      const outside = inputs.some((input) => input.hasAttribute("data-outside"));
      output.dataset.risk = nomogramRisk(model, values);
      output.textContent =
        "Risk of " +
        model.event +
        ": " +
        (100 * output.dataset.risk).toFixed(1) +
        "%" +
        (outside ? " (a value lies outside of those that the model learnt from)" : "");
    };
    form.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    place.append(form, output);
    show();
  });
}
