// The people team's pages work without this: it says that a long job runs, and prints.
// On a phone each cell says its column: Unfold has the words as the model writes them, in lower case.
document.addEventListener("DOMContentLoaded", () => {
  // Unfold would write the name of a chosen file into a box of its own, which these have not got.
  document.querySelectorAll(".report input[type=file]").forEach((input) => { input.hasChangeListener = true; });
  document.querySelectorAll("td[data-label], th[data-label]").forEach((cell) => {
    const words = cell.dataset.label.trim();
    cell.dataset.label = words.charAt(0).toUpperCase() + words.slice(1);
  });
});
document.addEventListener("submit", (event) => {
  const words = event.target.dataset.busy;
  if (!words) return;
  const place = event.target.querySelector(".busy");
  if (place) {
    place.textContent = words;
    // How far the server is it does not say: the bar moves, and the seconds count.
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", "Working");
    const seconds = document.createElement("span");
    seconds.setAttribute("aria-hidden", "true");
    place.before(bar);
    place.after(seconds);
    const began = Date.now();
    setInterval(() => { seconds.textContent = ` ${Math.round((Date.now() - began) / 1000)} s so far`; }, 1000);
  }
  // After the form has been sent: a disabled button would not be part of it.
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
