function () {
  const press = (name) => document.querySelector(`.st-key-${name} button:not(:disabled)`)?.click();
  const keys = { ArrowRight: "meet_next", PageDown: "meet_next", ArrowLeft: "meet_back", PageUp: "meet_back" };
  // Where arrows mean something else: fields, choices, lists.
  const busy = "input, textarea, select, [contenteditable], [role=radiogroup], [role=listbox], [role=tablist], " +
    "[data-baseweb=calendar], [role=dialog]";
  const onKey = (event) => {
    const name = keys[event.key];
    if (!name || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
    if (event.target.closest?.(busy)) return;
    if (!document.querySelector(".st-key-sf-meet-bar")) return;
    event.preventDefault();
    press(name);
  };
  const onClick = (event) => {
    if (event.target.closest?.(".st-key-meet_print button")) window.print();
  };
  // The page runs this again and again: the newest listeners take the place of the earlier ones.
  if (window.sferumMeeting) {
    document.removeEventListener("keydown", window.sferumMeeting.onKey);
    document.removeEventListener("click", window.sferumMeeting.onClick);
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  window.sferumMeeting = { onKey, onClick };
}
