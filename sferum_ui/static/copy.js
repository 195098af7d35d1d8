function (table) {
  // Both kinds at once, over plain HTTP too: a selected field, and what is copied put in place of it.
  const place = document.getElementById(table.place);
  if (!place || place.dataset.copied) return;
  place.dataset.copied = "1";
  const say = (text) => { place.textContent = text; };
  const byCommand = () => {
    const before = document.activeElement;
    const field = document.createElement("textarea");
    field.value = table.text;
    field.setAttribute("readonly", "");
    field.setAttribute("aria-hidden", "true");
    field.style.cssText = "position:fixed;top:0;left:0;opacity:0";
    let taken = false;
    const put = (event) => {
      event.clipboardData.setData("text/plain", table.text);
      event.clipboardData.setData("text/html", table.html);
      event.preventDefault();
      event.stopImmediatePropagation();
      taken = true;
    };
    document.addEventListener("copy", put, true);
    document.body.append(field);
    field.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { done = false; }
    document.removeEventListener("copy", put, true);
    field.remove();
    before?.focus?.({ preventScroll: true });
    return done && taken;
  };
  const byBrowser = async () => {
    const parts = { "text/plain": table.text, "text/html": table.html };
    const blobs = Object.fromEntries(Object.entries(parts).map(([kind, text]) => [kind, new Blob([text], { type: kind })]));
    await navigator.clipboard.write([new ClipboardItem(blobs)]);
  };
  const offer = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sf-copy-again";
    button.textContent = "Таблица готова – нажмите, чтобы скопировать";
    button.onclick = () => say(byCommand() ? table.done : "Браузер не дал скопировать. Скачайте таблицу файлом.");
    place.replaceChildren(button);
  };
  if (byCommand()) say(table.done);
  else byBrowser().then(() => say(table.done), offer);
}
