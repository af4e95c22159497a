// Says while the holder types whether the new code will do. The page's own server decides; this only spares a round trip.
// Nothing typed leaves the field.

const form = document.querySelector("[data-code]");

if (form) {
  const code = form.elements.namedItem("code");
  const again = form.elements.namedItem("code_again");
  const min = Number(form.dataset.min);
  const max = Number(form.dataset.max);

  const run = (text, step) => [...text].every((digit, index) => index === 0 || Number(digit) - Number(text[index - 1]) === step);
  const rules = {
    length: () => /^[0-9]+$/.test(code.value) && code.value.length >= min && code.value.length <= max,
    repeated: () => code.value.length >= min && ![0, 1, -1].some((step) => run(code.value, step)),
    same: () => again.value.length >= min && code.value === again.value,
  };

  const mark = (settled) => {
    for (const [name, holds] of Object.entries(rules)) {
      const line = form.querySelector(`[data-rule="${name}"]`);
      if (!line) continue;
      const met = holds();
      const begun = name === "same" ? again.value.length >= code.value.length && again.value : code.value.length >= min;
      line.classList.toggle("is-met", met);
      line.classList.toggle("is-unmet", !met && Boolean(settled && begun));
    }
  };

  form.addEventListener("input", () => mark(false));
  form.addEventListener("change", () => mark(true));
}
