// Files straight from the browser to the storage: dropped or chosen, several at once, with progress.
(() => {
  "use strict";
  const FORM = "form[data-uploads]";
  const AT_ONCE = 3;
  const WAITS = [1000, 3000, 9000]; // before a piece that did not get through is tried again
  const waiting = []; // uploads that have not begun
  let running = 0;

  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  class Refused extends Error {} // the server's own words: trying again changes nothing

  const ask = async (form, url, values) => {
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    Object.entries(values).forEach(([name, value]) => body.set(name, value));
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) throw new Refused("Your session has ended. Sign in in another tab, then try again.");
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok && isJson) return told;
    if (answer.status === 503) throw new Error(told.message || "away");
    if (answer.status >= 500 && !told.message) throw new Error("away");
    throw new Refused(told.message || "The server refused this file. Reload the page and try again.");
  };

  // One PUT; resolves with the request, rejects when the connection broke.
  const put = (link, body, range, progress) => new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("PUT", link.url);
    Object.entries(link.headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (range) request.setRequestHeader("Content-Range", range);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => done(request);
    request.onerror = () => fail(new Error("away"));
    request.send(body);
  });
  const heldBy = (request) => Number(/(\d+)$/.exec(request.getResponseHeader("Range") || "")?.[1] ?? -1) + 1;
  const isWhole = ({ status }) => status >= 200 && status < 300;
  const refuse = (request) => {
    if (request.status >= 500 || request.status === 0) throw new Error("away");
    if (request.status === 410) throw new Refused("The time for this upload is over. Choose the file again.");
    throw new Refused("The storage refused this file. Choose it again.");
  };

  // Sends what is missing, piece by piece where the storage takes pieces.
  const send = async (item, link) => {
    const { file } = item;
    const show = (start) => (loaded) => { item.bar.value = Math.min(start + loaded, file.size); };
    if (!link.piece) {
      const request = await put(link, file, "", show(0));
      // Sent again after an answer that was lost: the bucket has it, and writes nothing twice.
      return isWhole(request) || request.status === 412 ? true : refuse(request);
    }
    if (item.asks) {
      const state = await put(link, null, `bytes */${file.size}`, () => {});
      if (isWhole(state)) return true;
      if (state.status !== 308) refuse(state);
      item.sent = heldBy(state);
      item.asks = false;
    }
    while (item.sent < file.size) {
      const end = Math.min(item.sent + link.piece, file.size);
      const range = `bytes ${item.sent}-${end - 1}/${file.size}`;
      const request = await put(link, file.slice(item.sent, end), range, show(item.sent));
      if (isWhole(request)) return true;
      if (request.status !== 308) refuse(request);
      // A bucket may not let its Range be read: then the piece counts as taken, and whether all of
      // it came is seen when it is confirmed.
      const isHidden = !link.url.startsWith("/") && !request.getResponseHeader("Range");
      const held = isHidden ? end : heldBy(request);
      if (held <= item.sent) throw new Error("away");
      item.sent = held;
    }
    return true;
  };

  const patiently = async (item, step) => {
    for (const wait of [...WAITS, null]) {
      try {
        return await step();
      } catch (error) {
        if (error instanceof Refused || wait === null) throw error;
        item.asks = true; // where did it stop?
        await pause(wait);
      }
    }
    return null;
  };

  const upload = async (item) => {
    const { form, file } = item;
    const { begin, confirm, file: replaced = "" } = form.dataset;
    item.link ||= await patiently(item, () => ask(form, begin, { name: file.name, size: file.size, file: replaced }));
    if (!item.isSent) item.isSent = await patiently(item, () => send(item, item.link));
    item.bar.removeAttribute("value"); // it is being checked
    await patiently(item, () => ask(form, confirm, { claim: item.link.claim }));
  };

  const element = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  const failed = (item, error) => {
    const isFinal = error instanceof Refused;
    const words = isFinal ? error.message : `${item.file.name} did not get through: the connection broke.`;
    if (isFinal) Object.assign(item, { link: null, isSent: false, sent: 0, asks: false });
    item.bar.hidden = true;
    const again = element("button", { type: "button", className: "button small", textContent: "Try again" });
    const leave = element("button", { type: "button", className: "button small", textContent: "Dismiss" });
    const tools = element("span", { className: "actions" });
    tools.append(...(isFinal ? [leave] : [again, leave]));
    item.row.append(element("p", { className: "refusal", textContent: words }), tools);
    again.addEventListener("click", () => {
      tools.remove();
      item.row.querySelector(".refusal").remove();
      item.bar.hidden = false;
      item.asks = true;
      queue(item);
    });
    leave.addEventListener("click", () => item.row.remove());
  };

  const next = async () => {
    if (running >= AT_ONCE || !waiting.length) return;
    const item = waiting.shift();
    running += 1;
    try {
      await upload(item);
      item.row.remove();
      document.body.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
    } catch (error) {
      failed(item, error);
    }
    running -= 1;
    next();
  };
  const queue = (item) => {
    waiting.push(item);
    next();
  };

  const take = (form, files) => {
    const list = document.querySelector("[data-uploading]");
    if (!list) return;
    [...files].forEach((file) => {
      const row = element("li");
      const bar = element("progress", { max: Math.max(file.size, 1), value: 0, ariaLabel: `Upload of ${file.name}` });
      row.append(element("span", { textContent: file.name }), bar);
      list.append(row);
      queue({ form, file, row, bar, sent: 0, asks: false, link: null, isSent: false });
    });
  };

  document.addEventListener("change", ({ target }) => {
    const form = target.matches?.("input[type=file]") && target.closest(FORM);
    if (!form) return;
    take(form, target.files);
    target.value = ""; // the same file may be chosen again
  });
  // --- Drag and drop: the form is the place; a file dropped beside it does not leave the page ---
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  const under = (event) => event.target.closest?.(`${FORM}[data-drop]`);
  const mark = (over) => document.querySelectorAll(`${FORM}[data-drop]`)
    .forEach((form) => form.classList.toggle("over", form === over));
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(under(event));
  });
  document.addEventListener("dragleave", (event) => {
    if (holdsFiles(event) && !event.relatedTarget) mark(null);
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(null);
    const form = under(event);
    if (form) take(form, event.dataTransfer.files);
  });
  addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });
})();
