// What HTML and htmx cannot do alone: grid keys, the board, pickers, shortcuts, toasts, focus.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (event, handler) => document.addEventListener(event, handler);
  document.documentElement.classList.add("js");

  // --- Requests: progress, one click at a time, and failures told once ---------------------
  let running = 0;
  const busy = (change) => {
    running += change;
    $("#progress")?.classList.toggle("busy", running > 0);
  };
  on("htmx:before:request", ({ detail: { ctx } }) => {
    busy(1);
    ctx.counted = true;
    if (ctx.request.submitter) ctx.request.submitter.disabled = true;
  });
  on("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.counted) busy(-1);
    const failures = $$("#toasts .bad"); // the last tells; none once something was saved
    const isSaved = ctx.response?.status < 300 && ctx.request.method !== "GET";
    failures.slice(0, isSaved ? undefined : -1).forEach((old) => old.remove());
    if (ctx.request.submitter) ctx.request.submitter.disabled = false;
  });
  const toast = (id) => $("#toasts").append($(id).content.cloneNode(true));
  on("htmx:error", ({ detail }) => {
    if (detail.ctx) toast("#toast-offline");
  });
  // --- A session that ended: sign in over the page, then do again what was under way --------
  let leaving = false;
  const waiting = new Map(); // element → the event whose request was refused
  on("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const renewed = ctx.response.status === 400 && ctx.hx?.trigger?.includes("signed-in");
    if (ctx.response.status !== 401 && !renewed) return;
    waiting.set(ctx.sourceElement, ctx.sourceEvent);
    if ($("#dialog-slot dialog[open]")) event.preventDefault(); // it is being asked for already
  });
  const again = (element, event) => {
    if (!element.isConnected) return;
    const { submitter } = event;
    if (event.type === "submit") element.requestSubmit(submitter?.isConnected ? submitter : null);
    else if (event.type === "click") element.click();
    else element.dispatchEvent(new Event(event.type, { bubbles: true }));
  };
  document.addEventListener("close", ({ target }) => {
    if (target.matches("#dialog-slot dialog")) target.remove(); // put off: the next request asks again
  }, true);
  on("signed-in", ({ detail }) => {
    if (String(detail.user) !== document.body.dataset.user) {
      waiting.clear(); // somebody else: their page, and not the other's edits
      leaving = true;
      location.reload();
      return;
    }
    $$("input[name=csrf_token]").forEach((field) => { field.value = detail.csrf; });
    const undone = [...waiting];
    waiting.clear();
    setTimeout(() => undone.forEach(([element, event]) => again(element, event)));
  });

  on("htmx:before:response", (event) => {
    if (event.detail.ctx.response.headers.has("X-Request-ID")) return;
    event.preventDefault(); // a proxy's page, not ours: never swap it in
    toast("#toast-unknown");
  });

  // --- After a swap: focus, flashes, toasts that leave by themselves ------------------------
  const goOnIn = (id) => {
    const place = document.getElementById(id);
    if (!place || document.activeElement !== document.body) return;
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    ($("[aria-invalid=true]", place) || place).focus({ preventScroll: true });
  };
  on("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.id === "main" && !$("#main").contains(document.activeElement)) {
      $("#main").focus({ preventScroll: true });
    }
    // What was clicked is gone, and nobody else has set the focus: go on from what took its place.
    const asked = ["click", "submit"].includes(ctx.sourceEvent?.type) && ctx.target?.id;
    if (asked && asked !== "main") setTimeout(() => goOnIn(asked));
    $$("[data-toast]:not(.bad):not([data-leaving])").forEach((element) => {
      element.dataset.leaving = "";
      setTimeout(() => element.remove(), 6000);
    });
    markErrors();
    const dialog = $("dialog[data-modal]:not([open])");
    if (dialog) dialog.showModal();
  });
  on("htmx:after:settle", ({ detail: { task, newContent } }) => {
    if (task?.type !== "oob") return;
    newContent
      .filter((node) => node.matches?.("span, small, dl"))
      .forEach((node) => node.classList.add("flash"));
    // A price that follows the quantity: shown, unless somebody is typing another one there.
    newContent
      .filter((node) => node.matches?.(".size-grid input"))
      .filter((node) => node !== document.activeElement || sent.get(node) === node.value)
      .forEach((node) => { node.value = node.defaultValue; });
  });
  // What others wrote meanwhile: shown where nobody types; a cell being typed into asks when sent.
  const newest = new WeakMap(); // grid → the latest version of its lines that an answer told of
  const addRow = (row) => {
    const section = document.getElementById(row.closest("section").id);
    const before = row.previousElementSibling;
    const place = before && document.getElementById(before.id);
    if (place) place.after(row);
    else $("tbody", section).prepend(row);
  };
  const addRows = (given) => {
    const section = document.getElementById(given.id);
    const missing = $$("tbody tr", given).filter((row) => !document.getElementById(row.id));
    const added = section ? missing : [given];
    if (!section) $("#sections").append(given);
    const fits = !section || $("thead tr", section).cells.length === $("thead tr", given).cells.length;
    if (section && fits) missing.forEach(addRow);
    else if (section && missing.length && !cells(section).some(isDirty)) section.replaceWith(given);
    added.forEach((node) => htmx.process(node));
  };
  const dropRows = (present) => $$("#sections tr[id]").forEach((row) => {
    if (present.has(row.id) || cells(row).some(isDirty)) return;
    const section = row.closest("section");
    row.remove();
    if (!$("tbody tr", section)) section.remove();
  });
  const noteOthers = () => {
    const grid = $("[data-grid]");
    if (!grid) return;
    newest.set(grid, Math.max(newest.get(grid) || 0, grid.elements.lines_version.value));
    const others = $("#others[data-cells]");
    if (!others) return;
    if (others.dataset.version >= newest.get(grid)) { // no answer overtook this one
      $("#empty-grid")?.remove();
      [...$("template", others).content.cloneNode(true).children].forEach(addRows);
      dropRows(new Set(JSON.parse(others.dataset.rows).map((key) => `r.${key}`)));
    }
    Object.entries(JSON.parse(others.dataset.cells)).forEach(([name, text]) => {
      const cell = cellNamed(name);
      if (!cell || isDirty(cell) || cell.defaultValue === text) return;
      cell.value = cell.defaultValue = text;
      cell.parentElement.classList.add("flash");
    });
    others.removeAttribute("data-cells");
    others.replaceChildren();
  };
  on("htmx:after:settle", noteOthers);
  on("animationend", ({ target }) => target.classList?.remove("flash"));

  // --- The size grid ------------------------------------------------------------------------
  const CELL = ".size-grid input:not([type=hidden], [type=checkbox])";
  const cells = (root) => $$(CELL, root);
  const isDirty = (cell) => cell.value !== cell.defaultValue;
  const sent = new WeakMap(); // cell → the value on its way to the server

  const move = (cell, down, right) => {
    const row = cell.closest("tr");
    if (right) {
      const line = cells(row);
      return line[line.indexOf(cell) + right];
    }
    const rows = $$(".size-grid tbody tr", cell.form);
    const column = cell.closest("td").cellIndex;
    const next = rows[rows.indexOf(row) + down]?.cells[column];
    return next && $("input", next);
  };
  const cellNamed = (name) => document.getElementsByName(name)[0];
  const kindOf = (cell) => cell.name.split(".")[0];
  const change = (cell, detail) => cell.dispatchEvent(new CustomEvent("change", { bubbles: true, detail }));
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  // In a cell of words the arrows move the caret, until it stands at the edge.
  const staysInText = (cell, right) => {
    const { selectionStart: from, selectionEnd: to, value } = cell;
    if (!right || !cell.closest("td.text") || (from === 0 && to === value.length)) return false;
    return right < 0 ? from > 0 : to < value.length;
  };

  // Ctrl-R and Ctrl-D: the cell's value in those after it in the row, below it in the style; one change.
  const fill = (cell, across) => {
    if (!/^[\d\s,.]*$/.test(cell.value)) return change(cell);
    const row = cell.closest("tr");
    const at = cell.closest("td").cellIndex;
    const places = across
      ? [...row.cells].slice(at + 1)
      : [...row.parentNode.rows].slice(row.sectionRowIndex + 1).map((other) => other.cells[at]);
    places.map((place) => $("input", place)).forEach((other) => {
      if (!other || kindOf(other) !== kindOf(cell)) return;
      other.value = cell.value;
      other.removeAttribute("aria-invalid");
    });
    return change(cell);
  };

  // On a phone a row opens into its sizes, each a number between − and +.
  const narrow = matchMedia("(max-width: 640px)");
  const addSteps = () => {
    if (!narrow.matches) return;
    $$(".stepped tr.open .cell:not(:has(.step)) input").forEach((cell) => {
      const [less, more] = $("#steppers").content.cloneNode(true).children;
      const place = cell.closest("td");
      const colour = $("[data-row]", place.parentNode).ariaLabel.replace(/^Sizes of /, "");
      [less, more].forEach((button) => { button.ariaLabel += ` ${place.dataset.size}, ${colour}`; });
      cell.before(less);
      cell.after(more);
    });
  };
  const openRow = (row, open = true) => {
    row.classList.toggle("open", open);
    $("[data-row]", row)?.setAttribute("aria-expanded", String(open));
    addSteps();
  };
  narrow.addEventListener("change", addSteps);
  on("htmx:after:swap", addSteps);
  addSteps();
  let stepping; // several taps are one change
  const stepBy = (cell, by) => {
    cell.value = String(Math.max(0, (Number(cell.value.replace(/[\s,]/g, "")) || 0) + by) || "");
    clearTimeout(stepping);
    stepping = setTimeout(() => change(cell), 400);
  };

  const gridKey = (event) => {
    const cell = event.target;
    if (event.key === "Escape") {
      cell.value = cell.defaultValue;
      cell.select();
      document.getElementById(`e.${cell.name}`)?.remove();
      markErrors();
      return;
    }
    if (event.key === "F2") $("[data-why]", cell.closest("tr"))?.click();
    const fills = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && cell.closest("[data-grid]")
      && ["r", "d"].includes(event.key.toLowerCase());
    if (fills) {
      event.preventDefault(); // not the browser's reload or bookmark
      fill(cell, event.key.toLowerCase() === "r");
    }
    const step = event.key === "Enter" && !event.ctrlKey && !event.metaKey
      ? (narrow.matches ? [0, 1] : [event.shiftKey ? -1 : 1, 0])
      : steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    if (staysInText(cell, step[1])) return;
    event.preventDefault();
    const next = move(cell, ...step);
    if (next) openRow(next.closest("tr"));
    if (next) next.focus();
    else if (isDirty(cell)) change(cell); // the last row
  };

  on("focusin", ({ target }) => {
    if (!target.matches(CELL)) return;
    target.select();
    const table = target.closest("table");
    $$("th.active").forEach((head) => head.classList.remove("active"));
    table.tHead.rows[0].cells[target.closest("td").cellIndex].classList.add("active");
  });

  // A change sends the cells that differ from what the server has or is being sent, and nothing else.
  const isUnsent = (cell) => (sent.has(cell) ? sent.get(cell) !== cell.value : isDirty(cell));
  const isAsked = (cell) => "theirs" in (document.getElementById(`e.${cell.name}`)?.dataset || {});
  on("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (form.matches("#prepack")) ctx.before = $$(CELL).map((cell) => [cell.name, cell.defaultValue]);
    if (!form.matches("[data-grid]")) return;
    const { target, type, detail } = ctx.sourceEvent;
    const placing = type === "submit";
    const changed = cells(form).filter((cell) => (placing ? isDirty(cell) || isUnsent(cell)
      : isUnsent(cell) && (!cell.ariaInvalid || cell === target)));
    if (!changed.length && !placing) { // put back by hand, or on its way already
      event.preventDefault();
      if (target.name && !isDirty(target)) document.getElementById(`e.${target.name}`)?.remove();
      markErrors();
      return;
    }
    ctx.cells = changed.map((cell) => [cell, cell.value, detail?.replay ? cell.defaultValue : null]);
    ctx.asked = new Set(changed.filter(isAsked));
    changed.forEach((cell) => sent.set(cell, cell.value));
  });
  // It may have waited for another edit: what the server has of a cell is known only now. A cell
  // about which a question came up meanwhile waits for its answer, and placing with it.
  on("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.cells) return;
    const open = ctx.cells.filter(([cell]) => isAsked(cell) && !ctx.asked.has(cell));
    open.forEach(([cell]) => sent.delete(cell));
    ctx.cells = ctx.cells.filter((entry) => !open.includes(entry));
    if (open.length && (ctx.sourceEvent.type === "submit" || !ctx.cells.length)) {
      event.preventDefault();
      return;
    }
    const form = ctx.sourceElement;
    const body = new FormData();
    ["csrf_token", "lines_version", "seen_at"].forEach((name) => body.set(name, form.elements[name].value));
    ctx.cells = ctx.cells.map(([cell, value, from]) => {
      const was = from ?? cell.defaultValue;
      body.set(cell.name, value);
      body.set(`was.${cell.name}`, was);
      return [cell, value, takesListPrice(cell) ? null : was];
    });
    const { submitter } = ctx.sourceEvent;
    if (submitter?.name) body.set(submitter.name, submitter.value);
    ctx.request.body = new URLSearchParams(body);
  });
  let retry = 0;
  const tryAgain = (cell) => { // the server is away, or in maintenance: what was typed waits here
    clearTimeout(retry);
    retry = setTimeout(() => {
      if (cell.isConnected && isDirty(cell)) cell.dispatchEvent(new Event("change", { bubbles: true }));
    }, 15000);
  };
  on("htmx:finally:request", ({ detail: { ctx } }) => {
    const step = [];
    const isAway = !ctx.response || ctx.response.status >= 500;
    if (isAway && ctx.cells?.length) tryAgain(ctx.cells[0][0]);
    (ctx.cells || []).forEach(([cell, value, before]) => {
      cell.classList.toggle("unsaved", isAway);
      if (sent.get(cell) === value) sent.delete(cell);
      if (!ctx.response || ctx.response.status >= 300) return;
      if (kindOf(cell) === "price" && !value.trim()) { // the list's price came back
        step.push([cell.name, before, null]);
        return;
      }
      const kept = cell.name.startsWith("q.") ? String(Number(value.replace(/[\s,]/g, "")) || "")
        : cell.name.startsWith("price.") && /^\d+(\.\d{1,2})?$/.test(value) ? Number(value).toFixed(2)
        : value;
      if (cell.value === value) cell.value = kept;
      cell.defaultValue = kept;
      step.push([cell.name, before, kept]);
    });
    if (ctx.before && ctx.response?.status < 300) {
      ctx.before.forEach(([name, before]) => {
        const now = cellNamed(name)?.defaultValue;
        if (name.startsWith("q.") && now !== undefined && now !== before) step.push([name, before, now]);
      });
      show(step);
    }
    if (step.length && $("[data-grid]")) remember(step, ctx.sourceEvent.detail?.replay);
  });

  // --- Undo: what was changed in this page, taken back by edits like any other ----------------
  const KEPT = 50;
  const stacks = new WeakMap(); // grid → steps done, and steps taken back; a step: [name, from, to][]
  const stacksOf = (grid) => {
    if (!stacks.has(grid)) stacks.set(grid, { done: [], undone: [] });
    return stacks.get(grid);
  };
  const backwards = (step) => step.map(([name, from, to]) => [name, to, from]);
  // A price that follows the list has no value of its own: null.
  function takesListPrice(cell) {
    const note = kindOf(cell) === "price" && document.getElementById(cell.name.replace("price", "pn"));
    return Boolean(note) && !["by hand", "as entered"].includes(note.textContent.trim());
  }
  function show(step) {
    const cell = cellNamed(step[0]?.[0]);
    if (cell) openRow(cell.closest("tr"));
    cell?.focus();
  }
  function remember(step, replay) {
    const { done, undone } = stacksOf($("[data-grid]"));
    if (replay === "undo") undone.push(backwards(step));
    else done.push(step);
    if (!replay) undone.length = 0;
    if (done.length > KEPT) done.shift();
    offerUndo();
  }
  const offerUndo = () => $$("[data-undo]").forEach((button) => {
    button.disabled = !stacksOf(button.form).done.length;
  });
  const takeBack = (grid, replay) => {
    const { done, undone } = stacksOf(grid);
    const last = (replay === "undo" ? done : undone).pop();
    const step = (replay === "undo" ? backwards(last || []) : last || []).filter(([name]) => {
      const cell = cellNamed(name);
      return cell && (!isDirty(cell) || sent.has(cell)); // not over what is being typed
    });
    step.forEach(([name, from, to]) => {
      const cell = cellNamed(name);
      if (from !== null) cell.defaultValue = from; // goes along as "was": a newer edit by others stands
      cell.value = to ?? "";
    });
    if (step.length) change(cellNamed(step[0][0]), { replay });
    offerUndo();
    return step;
  };
  const undoKey = (event) => {
    const grid = $("[data-grid]");
    const key = event.key?.toLowerCase();
    if (!grid || !(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    const { target } = event;
    const typing = target.matches(CELL) ? isDirty(target) && sent.get(target) !== target.value
      : target.matches("input, textarea, select");
    if (typing || $("dialog[open]")) return; // the browser's own, within the field
    event.preventDefault();
    show(takeBack(grid, key === "y" || event.shiftKey ? "redo" : "undo"));
  };

  // The list of refused cells says which inputs are marked.
  function markErrors() {
    const listed = new Map($$("#cell-errors li").map((item) => [item.dataset.field, item]));
    $$(".size-grid [aria-invalid]").forEach((cell) => {
      if (!listed.has(cell.name)) cell.removeAttribute("aria-invalid");
    });
    listed.forEach((item, name) => {
      const cell = cellNamed(name);
      if (!cell) return;
      openRow(cell.closest("tr"));
      cell.setAttribute("aria-invalid", "true");
      cell.setAttribute("aria-describedby", item.id);
      if ("theirs" in item.dataset) cell.defaultValue = item.dataset.theirs;
    });
  }
  const settle = (name, keep) => {
    const cell = cellNamed(name);
    if (!keep) cell.value = cell.defaultValue;
    if (keep) change(cell);
    else document.getElementById(`e.${name}`).remove();
    cell.focus();
    markErrors();
  };

  on("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.request?.method !== "POST" || !ctx.sourceElement.closest(".picker")) return;
    if (ctx.response.status >= 400) return;
    $("#product-q").value = "";
    const added = $("[data-added]");
    if (!added) return;
    delete added.dataset.added;
    $("input", added)?.focus();
  });
  // What was typed and is nowhere but here: refused cells, an open form.
  const fields = "form.stack[hx-post] :is(input:not([type=hidden]), textarea, select), .grid-tools :is(input, textarea)";
  const isChanged = (field) => {
    if (field.matches("[type=checkbox]")) return field.checked !== field.defaultChecked;
    if (!field.matches("select")) return isDirty(field);
    return [...field.options].some((option) => option.selected !== option.defaultSelected)
      && [...field.options].some((option) => option.defaultSelected);
  };
  const unsaved = () => cells(document).some(isDirty) || $$(fields).some(isChanged)
    || $("form.stack[hx-post] :is(.error, .clash), #cell-errors li"); // came back refused: nothing of it is saved
  addEventListener("beforeunload", (event) => {
    if (unsaved() && !leaving) event.preventDefault();
  });
  // Back and forward: the browser lets a page refuse, once something was typed on it.
  window.navigation?.addEventListener("navigate", (event) => {
    if (event.navigationType !== "traverse" || !event.cancelable || !unsaved() || leaving) return;
    if (confirm("Leave without saving what you typed?")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  on("submit", ({ target }) => {
    if (!target.matches("[hx-post], [hx-get]")) leaving = true; // it goes to the server by itself
  });
  on("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const source = ctx.sourceElement; // a step of the workflow leaves the grid as a link does
    const leaves = ctx.target?.id === "main" && (source.matches("a")
      || (source.matches("form:not([data-grid]), button") && cells(document).some(isDirty)));
    if (leaves && unsaved() && !confirm("Leave without saving what you typed?")) event.preventDefault();
  });

  // --- Pickers: type, arrow, Enter ----------------------------------------------------------
  // Options count only when they answer what stands in the field now.
  const chosenEarly = new WeakSet();
  const isCurrent = (input) =>
    $("[data-q]", $(input.dataset.picker))?.dataset.q === input.value.trim().replace(/\s+/g, " ");
  const pickerKey = (event) => {
    if (event.key.length === 1) chosenEarly.delete(event.target);
    const input = event.target;
    const options = $$("[role=option]", $(input.dataset.picker));
    const at = options.findIndex((option) => option.ariaSelected === "true");
    if (event.key === "Enter" && input.value.trim()) {
      event.preventDefault();
      if (isCurrent(input)) options[Math.max(at, 0)]?.click();
      else chosenEarly.add(input); // the answer to what was typed is still on its way
    } else if (event.key === "Escape") {
      $(input.dataset.picker).firstElementChild?.replaceChildren();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && options.length) {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === next)));
      input.setAttribute("aria-activedescendant", options[next].id);
      options[next].scrollIntoView({ block: "nearest" });
    }
  };
  on("htmx:after:swap", () => {
    $$("[data-picker]").forEach((input) => {
      const options = $$("[role=option]", $(input.dataset.picker));
      input.setAttribute("aria-expanded", String(options.length > 0));
      input.removeAttribute("aria-activedescendant");
      if (chosenEarly.has(input) && isCurrent(input)) {
        chosenEarly.delete(input);
        options[0]?.click();
      }
    });
  });

  // --- The board: a card is moved by the buttons of its own form -----------------------------
  let dragged = null; // the card under the mouse
  let moved = ""; // the id of a card on its way: it keeps the focus
  const columns = () => $$("#board [data-stage]");
  const under = (event) => (dragged && event.target.closest?.("[data-stage]")) || null;
  const mark = (over) => columns().forEach((column) => column.classList.toggle("over", column === over));
  const moveTo = (card, column) => {
    const button = column && $(`button[name=stage][value="${column.dataset.stage}"]`, card);
    button?.form.requestSubmit(button);
  };
  on("dragstart", ({ target, dataTransfer }) => {
    dragged = target.closest?.("[data-card][draggable]");
    if (!dragged) return;
    dragged.classList.add("dragged");
    dataTransfer.setData("text/plain", dragged.id); // without data some browsers drag nothing
    dataTransfer.setDragImage(dragged, 16, 16);
  });
  on("dragover", (event) => {
    if (under(event)) event.preventDefault();
    if (dragged) mark(under(event));
  });
  on("drop", (event) => {
    if (under(event)) event.preventDefault();
    moveTo(dragged, under(event));
  });
  on("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    mark(null);
  });
  on("keydown", (event) => {
    const card = event.altKey && event.target.closest?.("[data-card]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!card || !step) return;
    event.preventDefault(); // not the browser's way back
    const at = columns().indexOf(card.closest("[data-stage]"));
    moveTo(card, columns()[at + step]);
  });
  on("submit", ({ target }) => { moved = target.closest("[data-card]")?.id || ""; });
  on("htmx:after:swap", () => {
    if (document.activeElement === document.body) $(`#${moved || "none"} h3 a`)?.focus();
    moved = "";
  });

  // --- Keyboard and clicks ------------------------------------------------------------------
  const shortcut = (event) => {
    if (!event.key || $("dialog[open]")) return;
    const typing = event.target.matches("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const { form } = event.target;
      const save = form && !form.matches("[data-grid]")
        ? $("button:not([type=button])", form)
        : $("[data-save]");
      if (save) save.click();
      else event.target.dispatchEvent(new Event("change", { bubbles: true }));
    } else if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      $("#site-search")?.focus();
    } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === "?") $("#shortcuts").showModal();
      const target = $(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
      if (!target) return;
      event.preventDefault();
      if (target.matches("input")) target.focus();
      else target.click();
    }
  };
  on("keydown", (event) => {
    if (event.target.matches?.(CELL)) gridKey(event);
    if (event.target.matches?.("[data-picker]")) pickerKey(event);
    if (event.target.matches) undoKey(event);
    if (event.target.matches) shortcut(event);
  });
  // A row without units goes at once; one with units only after a yes.
  const askBeforeRemoving = (event, button) => {
    const units = $("[id^='ru.']", button.closest("tr")).textContent;
    const question = `${button.ariaLabel} with ${units} units? This cannot be undone.`;
    if (units !== "0" && !confirm(question)) event.preventDefault();
  };
  // A click that asks for another tab or window is the browser's own.
  document.addEventListener("click", (event) => {
    const apart = event.ctrlKey || event.metaKey || event.shiftKey;
    if (apart && event.target.closest("a[href]")) event.stopPropagation();
  }, true);
  on("change", ({ target }) => {
    if (!target.matches("[data-check-all]")) return;
    $$(`[name=${target.dataset.checkAll}]`, target.form).forEach((box) => { box.checked = target.checked; });
  });
  on("click", (event) => {
    const { target } = event;
    const button = target.closest("button, summary");
    const mail = target.closest("[data-mailto]");
    if (mail) { // as it was edited; a long text does not fit into an address and is copied by hand
      const { subject, body } = mail.closest("form").elements;
      const query = [subject, body].map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
      const [address] = mail.href.split("?");
      const url = `${address}?${query.join("&")}`;
      mail.href = url.length < 1900 ? url : `${address}?${query[0]}`;
    }
    $$("details.menu[open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
    if (!button) return;
    if ("remove" in button.dataset) askBeforeRemoving(event, button);
    if ("row" in button.dataset) openRow(button.closest("tr"), button.ariaExpanded !== "true");
    if (button.dataset.step) stepBy($("input", button.closest("td")), Number(button.dataset.step));
    if ("undo" in button.dataset) takeBack(button.form, "undo");
    if ("cancel" in button.dataset) button.form.dispatchEvent(new Event("htmx:abort"));
    if ("dismiss" in button.dataset) button.closest("[data-toast]").remove();
    if (button.dataset.keep) settle(button.dataset.keep, true);
    if (button.dataset.take) settle(button.dataset.take, false);
    if (button.dataset.takeField) {
      const field = document.getElementById(button.dataset.takeField);
      field.value = button.dataset.value;
      field.focus();
      button.closest(".clash").remove();
    }
    if ("themeSwitch" in button.dataset) {
      const dark = getComputedStyle(document.documentElement).colorScheme === "dark"
        || (document.documentElement.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
      const theme = dark ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    }
  });
})();
