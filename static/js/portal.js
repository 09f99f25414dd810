// Progressive enhancement only: every page works without this file.
(() => {
  "use strict";

  // Focus: after a swap the reader is taken to what changed, if it asks for it ([data-focus]).
  const focusIn = (root) => {
    const wanted = root.matches?.("[data-focus]") ? root : root.querySelector?.("[data-focus]");
    if (!wanted || wanted.closest("[data-keep-focus]")) return;
    if (!wanted.hasAttribute("tabindex")) wanted.setAttribute("tabindex", "-1");
    wanted.focus();
  };
  focusIn(document);
  document.addEventListener("htmx:afterSettle", (event) => focusIn(event.detail.elt));

  // Dialogs: a link to a page of its own opens the dialog instead, where there is one.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
    }
  });

  // Send once: a second press of the same button does nothing until the page is back.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method.toLowerCase() !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    // A download leaves the page where it is, and a question may be answered with no.
    window.setTimeout(() => sendable(form), 8000);
  }, true);
  const sendable = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  const allSendable = () => document.querySelectorAll("form[data-sent]").forEach(sendable);
  window.addEventListener("pageshow", allSendable);
  document.addEventListener("htmx:afterRequest", allSendable);

  // Passing notes: can be closed, and go by themselves unless somebody is reading them.
  const watch = (note) => {
    const close = note.querySelector("[data-note-close]");
    const go = () => note.remove();
    let timer = window.setTimeout(go, 10000);
    const stay = () => window.clearTimeout(timer);
    note.addEventListener("mouseenter", stay);
    note.addEventListener("focusin", stay);
    note.addEventListener("mouseleave", () => { stay(); timer = window.setTimeout(go, 5000); });
    if (close) {
      close.hidden = false;
      close.addEventListener("click", go);
    }
  };
  const watchIn = (root) => root.querySelectorAll?.("[data-note]").forEach(watch);
  watchIn(document);
  document.addEventListener("htmx:afterSettle", (event) => watchIn(event.detail.elt));

  // Print, and the register's "mark the rest".
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const rest = event.target.closest("[data-mark-rest]");
    if (!rest) return;
    event.preventDefault();
    const form = document.getElementById(rest.dataset.markRest) || rest.closest("form");
    form.querySelectorAll("fieldset").forEach((group) => {
      if (!group.querySelector("input[type=radio]:checked")) group.querySelector("input[type=radio]")?.click();
    });
  });
})();
