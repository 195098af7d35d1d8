function (dictionary) {
  const patterns = dictionary.patterns.map(([pattern, text]) => [new RegExp(pattern), text]);
  const attributes = ["aria-label", "title", "placeholder", "data-title", "alt"];
  const translate = (source) => {
    const text = source.trim();
    if (!/^[A-Za-z0-9⌘(]/.test(text)) return null;
    if (Object.prototype.hasOwnProperty.call(dictionary.texts, text)) return dictionary.texts[text];
    for (const [pattern, replacement] of patterns) {
      if (pattern.test(text)) return text.replace(pattern, replacement).replace(/ · (\$2)?$/, "");
    }
    return null;
  };
  // Text of the user's files stays as it is: only the built-in controls are translated.
  const isData = (element) =>
    !element || element.closest("[data-testid='stMarkdown'], [data-testid='stTable'], [data-testid='stHtml'], script, style");
  const visitText = (node) => {
    if (isData(node.parentElement)) return;
    const found = translate(node.data);
    if (found !== null) node.data = found;
  };
  const visitAttributes = (element) => {
    if (element.type === "file" && !element.accept) element.accept = dictionary.accept;
    for (const name of attributes) {
      const value = element.getAttribute(name);
      const found = value ? translate(value) : null;
      if (found !== null) element.setAttribute(name, found);
    }
  };
  const visit = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return visitText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    visitAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) visitText(walker.currentNode);
      else visitAttributes(walker.currentNode);
    }
  };
  document.documentElement.lang = "ru";
  visit(document.body);
  if (window.sferumRussian) return;
  // Charts and grids keep the width they have on the screen, or they would be redrawn too late for the print.
  window.addEventListener("beforeprint", () => {
    const main = document.querySelector("[data-testid='stMainBlockContainer']");
    if (main) document.documentElement.style.setProperty("--sf-print-width", `${main.clientWidth}px`);
  });
  // Over plain HTTP the browser has no clipboard of its own: copying goes the old way, by a field that is selected.
  const copyByField = (text) => new Promise((done, failed) => {
    const before = document.activeElement;
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.style.cssText = "position:fixed;top:0;left:0;opacity:0";
    (before && before !== document.body ? before.parentElement : document.body).append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    before?.focus?.({ preventScroll: true });
    if (copied) done();
    else failed(new Error("copying is not allowed"));
  });
  const own = navigator.clipboard;
  if (!own?.writeText) {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: copyByField }, configurable: true });
  } else {
    const write = own.writeText.bind(own);
    own.writeText = (text) => write(text).catch(() => copyByField(text));
  }
  window.sferumRussian = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visit);
      else if (change.type === "characterData") visitText(change.target);
      else visitAttributes(change.target);
    }
  });
  window.sferumRussian.observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
}
