// The people team's pages work without this: it says that a long job runs, and prints.
document.addEventListener("submit", (event) => {
  const words = event.target.dataset.busy;
  if (!words) return;
  const place = event.target.querySelector(".busy");
  if (place) place.textContent = words;
  // After the form has been sent: a disabled button would not be part of it.
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
