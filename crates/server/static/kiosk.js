// The kiosk: digits to touch, and an end when nobody acts. Without this module the pages are plain forms.

const keypad = document.querySelector("[data-keypad]");
const code = document.querySelector("#code");
if (keypad && code) {
  keypad.hidden = false;
  const set = (digits) => {
    const kept = digits.replace(/\D/g, "").slice(0, 8);
    code.value = kept.length > 4 ? `${kept.slice(0, 4)} ${kept.slice(4)}` : kept;
  };
  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    set("digit" in key.dataset ? code.value + key.dataset.digit : code.value.replace(/\D/g, "").slice(0, -1));
  });
  code.addEventListener("input", () => set(code.value));
}

const still = document.querySelector("[data-idle]");
const leave = document.querySelector("[data-leave]");
if (still && leave) {
  const left = still.querySelector("[data-left]");
  let rest;
  const rested = () => { rest = Number(still.dataset.idle) + Number(still.dataset.warn); };
  const stay = () => { rested(); if (still.open) still.close(); };
  still.querySelector("[data-stay]").addEventListener("click", stay);
  still.addEventListener("cancel", stay);
  for (const act of ["pointerdown", "keydown"]) {
    document.addEventListener(act, () => { if (!still.open) rested(); });
  }
  rested();
  setInterval(() => {
    rest -= 1;
    if (rest <= Number(still.dataset.warn)) {
      if (!still.open) still.showModal();
      left.textContent = rest;
    }
    if (rest === 0) leave.requestSubmit();
  }, 1000);
}

// Half a code that somebody left behind, and the thanks to the one before, make room for the next.
const home = document.querySelector("[data-home]");
if (home) setTimeout(() => { location.replace(home.href); }, Number(home.dataset.home) * 1000);
if (code) {
  let clear;
  code.form.addEventListener("pointerdown", () => {
    clearTimeout(clear);
    clear = setTimeout(() => { code.value = ""; }, 60000);
  });
}
