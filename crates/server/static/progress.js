// Watches an act at the card and draws how far it has come. Without this module the page has a button that asks once.
//
// The address in `data-poll` answers {"state", "go", "steps"}:
//   waiting            steps (if any) are drawn, and we ask again
//   done               we go to `go`
//   changed, refused   we go to `go`, or read this page again

const live = document.querySelector("[data-poll]");
const standings = ["done", "now", "ahead", "trouble"];
const calm = 1500;
const patience = 15000;
let pause = calm;

function draw(steps) {
  for (const { code, standing } of steps) {
    const step = document.querySelector(`[data-step="${CSS.escape(code)}"]`);
    if (!step || !standings.includes(standing) || step.classList.contains(`is-${standing}`)) continue;
    for (const other of standings) step.classList.toggle(`is-${other}`, other === standing);
    if (standing === "now") step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    const word = step.querySelector("[data-word]");
    if (word) word.textContent = `, ${live.dataset[standing]}`;
  }
}

function say(text) {
  const place = live.querySelector("[data-say]");
  if (place.textContent !== text) place.textContent = text;
}

// Only ever to our own pages: what comes over the wire must not choose another host.
function leave(go) {
  const target = new URL(go ?? location.href, location.href);
  if (target.origin === location.origin) location.assign(target);
  else location.reload();
}

async function ask() {
  try {
    const answer = await fetch(live.dataset.poll, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const { state, go, steps } = await answer.json();
    pause = calm;
    say("");
    if (Array.isArray(steps)) draw(steps);
    if (state !== "waiting") return leave(go);
  } catch {
    pause = Math.min(pause * 2, patience);
    say(live.dataset.lost);
  }
  setTimeout(ask, pause);
}

if (live) setTimeout(ask, calm);
