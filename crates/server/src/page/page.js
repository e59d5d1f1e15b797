(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const make = (tag, props = {}, ...children) => {
    const one = Object.assign(document.createElement(tag), props);
    one.append(...children);
    return one;
  };
  const isolated = (text) => make("bdi", { textContent: text });
  const number = (n) => Number(n).toLocaleString("en");

  // What the server says of a request that it refuses.
  const asked = async (path, options) => {
    let reply;
    try {
      reply = await fetch(path, options);
    } catch {
      throw new Error("the server does not answer");
    }
    if (reply.ok) return reply;
    const said = await reply.json().catch(() => ({}));
    throw new Error(said.reason || `the server answered ${reply.status}`);
  };

  // Languages by their names, where a page shows tags alone.
  const named = (() => {
    try {
      return new Intl.DisplayNames(["en"], { type: "language" });
    } catch {
      return null;
    }
  })();
  const language = (tag) => {
    try {
      return named?.of(tag) ?? tag;
    } catch {
      return tag;
    }
  };
  for (const one of document.querySelectorAll("[data-lang]")) {
    one.title = one.textContent;
    one.textContent = language(one.textContent);
  }

  // An entity's names, filtered as somebody types.
  const filter = $("filter");
  if (filter) {
    filter.hidden = false;
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const script of document.querySelectorAll(".script")) {
        let shown = 0;
        for (const row of script.querySelectorAll("tbody tr")) {
          const tags = [...row.querySelectorAll("[data-lang]")].map((one) => one.title).join(" ");
          row.hidden = wanted !== "" && !`${row.textContent} ${tags}`.toLowerCase().includes(wanted);
          shown += row.hidden ? 0 : 1;
        }
        script.hidden = shown === 0;
      }
    });
  }
  if (!$("q")) return;

  // One view at a time, by the address.
  const views = ["search", "text", "table"];
  const show = () => {
    const params = new URLSearchParams(location.search);
    const wanted = views.includes(location.hash.slice(1)) ? location.hash.slice(1) : "search";
    for (const view of views) {
      $(view).hidden = view !== wanted;
      const link = document.querySelector(`nav a[href="/#${view}"]`);
      if (view === wanted) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const focus = { search: "q", text: "words" }[wanted];
    if (focus && !params.has("still")) $(focus).focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  addEventListener("hashchange", show);

  // Search as you type: only the answer to the latest letters is shown.
  const q = $("q");
  let turn = 0;
  let selected = -1;
  const select = (at) => {
    const items = [...$("found").children];
    selected = items.length ? Math.max(-1, Math.min(at, items.length - 1)) : -1;
    items.forEach((item, n) => item.setAttribute("aria-selected", n === selected));
    if (selected >= 0) {
      q.setAttribute("aria-activedescendant", items[selected].id);
      items[selected].scrollIntoView({ block: "nearest" });
    } else q.removeAttribute("aria-activedescendant");
  };
  const found = (items, text) => {
    $("found").replaceChildren(
      ...items.map((item, n) => {
        const met = make("span", { className: "met" }, isolated(item.name));
        if (item.lang) met.lang = item.lang;
        if (item.label !== item.name) met.append(make("small", {}, isolated(item.label)));
        const where = make("span", { className: "where al-soft" }, [item.what, item.where].filter(Boolean).join(" · "));
        const people = make("span", { className: "n" }, item.population ? number(item.population) : "");
        if (item.population) people.title = "inhabitants";
        const link = make("a", { href: `/id/${encodeURIComponent(item.id)}`, tabIndex: -1 }, met, where, people);
        return make("li", { id: `f${n}`, role: "option" }, link);
      }),
    );
    q.setAttribute("aria-expanded", items.length > 0);
    select(-1);
    $("search-note").textContent = items.length || !text ? "" : "No place is known by this name.";
  };
  const search = async () => {
    const mine = ++turn;
    const text = q.value.trim();
    history.replaceState(null, "", text ? `/?q=${encodeURIComponent(text)}` : "/");
    if (!text) return found([], "");
    try {
      const reply = await asked(`/api/suggest?limit=12&q=${encodeURIComponent(text)}`);
      const items = await reply.json();
      if (mine === turn) found(items, text);
    } catch (error) {
      if (mine === turn) $("search-note").textContent = error.message;
    }
  };
  let wait;
  q.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(search, 60);
  });
  q.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    select(selected + step);
  });
  q.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const item = $("found").children[Math.max(selected, 0)];
    if (item) location.href = item.querySelector("a").href;
  });

  // A text, marked by the server.
  const SAMPLE =
    "The road from Lachin to Stepanakert (Khankendi) was closed on Monday. Reports from Şuşa, Шуша and شوشا say the " +
    "same. In Kyiv the minister, back from Tbilisi and Paris, Texas, spoke of Karabakh.\n\n" +
    "وصل الوفد إلى باكو قادما من تبليسي.";
  const words = $("words");
  const mark = async () => {
    const text = words.value;
    if (!text.trim()) return;
    $("text-note").textContent = "Reading …";
    try {
      const reply = await asked("/api/tag?format=html", { method: "POST", body: text });
      // What comes is made by the server, with every name and the text escaped.
      $("marked").innerHTML = await reply.text();
      $("text-note").textContent = "";
    } catch (error) {
      $("text-note").textContent = error.message;
    }
  };
  words.form.addEventListener("submit", (event) => {
    event.preventDefault();
    mark();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) mark();
  });
  $("sample").addEventListener("click", () => {
    words.value = SAMPLE;
    mark();
  });

  // A table: its header is read here, everything else by the server.
  const table = { file: null, doubts: [], contexts: [] };
  const cells = (line, delimiter) => {
    const all = [];
    let cell = "";
    let quoted = false;
    for (let n = 0; n < line.length; n++) {
      const c = line[n];
      if (quoted && c === '"' && line[n + 1] === '"') cell += line[++n];
      else if (c === '"') quoted = !quoted;
      else if (c === delimiter && !quoted) all.push(cell), (cell = "");
      else cell += c;
    }
    return [...all, cell];
  };
  const header = async (file) => {
    const line = (await file.slice(0, 65536).text()).replace(/^\ufeff/, "").split(/\r?\n/)[0];
    if (line.startsWith("{")) return Object.keys(JSON.parse(line));
    const count = (d) => cells(line, d).length;
    return cells(line, [",", "\t", ";", "|"].sort((a, b) => count(b) - count(a))[0]);
  };
  const LIKELY = {
    column: /^(place|location|town|city|name|settlement|ort|lieu|lugar|место|город)/i,
    country_column: /^(country|land|pays|país|страна)/i,
    admin_column: /^(admin|region|province|state|oblast|district|governorate)/i,
    type_column: /^(type|kind|feature)$/i,
  };
  const take = async (file) => {
    if (!file) return;
    let names;
    try {
      names = await header(file);
    } catch {
      $("table-note").textContent = "The first line of the file is no header.";
      return;
    }
    table.file = file;
    for (const id of Object.keys(LIKELY)) {
      const none = id === "column" ? [] : [make("option", { value: "", textContent: "none" })];
      $(id).replaceChildren(...none, ...names.map((name) => make("option", { value: name, textContent: name })));
      const likely = names.find((name) => LIKELY[id].test(name));
      if (likely) $(id).value = likely;
    }
    $("columns").hidden = false;
    $("doubts").replaceChildren();
    $("table-note").textContent = `${file.name}: ${names.length} columns`;
    $("column").focus();
  };
  $("file").addEventListener("change", () => take($("file").files[0]));
  const drop = $("drop");
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files[0]);
    });
  const form = (extra) => {
    const data = new FormData();
    for (const id of Object.keys(LIKELY)) if ($(id).value) data.append(id, $(id).value);
    for (const [name, value] of Object.entries(extra)) data.append(name, value);
    data.append("table", table.file);
    return { method: "POST", body: data };
  };
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const decisions = () => {
    const rows = [["value", ...table.contexts, "choose"]];
    for (const [n, doubt] of table.doubts.entries()) {
      const chosen = document.querySelector(`input[name="doubt${n}"]:checked`)?.value;
      if (chosen) rows.push([doubt.value, ...doubt.context.map((one) => one.cell), chosen]);
    }
    return rows.map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  };
  const doubtful = (doubt, n) => {
    const context = doubt.context.map((one) => one.cell).filter(Boolean).join(", ");
    const about = [context, doubt.reason || doubt.status, `${number(doubt.count)} ×`].filter(Boolean).join(" · ");
    const legend = make("legend", {}, isolated(doubt.value), " ", make("span", { className: "al-soft" }, about));
    const way = (value, name, where, score) =>
      make(
        "label",
        {},
        make("input", { type: "radio", name: `doubt${n}`, value }),
        isolated(name),
        make("span", { className: "where al-soft" }, where),
        make("span", { className: "al-score" }, score),
      );
    const ways = doubt.candidates.map((one) => way(one.id, one.label, [one.where, one.id].filter(Boolean).join(" · "), Number(one.score).toFixed(2)));
    return make("fieldset", { className: "doubt" }, legend, ...ways, way("none", "none of them", "", ""));
  };
  const counted = (summary) => {
    const kinds = ["rows", "resolved", "decided", "ambiguous", "unmatched", "empty"];
    const shown = kinds.filter((kind) => summary[kind] || kind === "rows" || kind === "resolved");
    return make("ul", { className: "counts" }, ...shown.map((kind) => make("li", { className: "al-soft" }, make("b", { textContent: number(summary[kind]) }), kind)));
  };
  const save = async () => {
    $("table-note").textContent = "Writing …";
    try {
      const reply = await asked("/api/normalize", form({ decisions: new Blob([decisions()]) }));
      const blob = await reply.blob();
      const link = make("a", { href: URL.createObjectURL(blob), download: table.file.name.replace(/(\.[^.]+)?$/, ".ids$1") });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      $("table-note").textContent = `${link.download} is written.`;
    } catch (error) {
      $("table-note").textContent = error.message;
    }
  };
  $("file").form.addEventListener("submit", async (event) => {
    event.preventDefault();
    $("table-note").textContent = "Looking the names up …";
    $("doubts").replaceChildren();
    try {
      const reply = await asked("/api/normalize?reply=doubts", form({}));
      const { summary, count, doubts } = await reply.json();
      table.doubts = doubts;
      table.contexts = doubts[0]?.context.map((one) => one.column) ?? [];
      const button = make("button", { type: "button", textContent: "Download the table" });
      button.addEventListener("click", save);
      const left = count > doubts.length ? ` The first ${number(doubts.length)} of ${number(count)} are shown.` : "";
      const said = count ? `${number(count)} doubts to decide; what you leave open stays marked as a doubt.${left}` : "No doubts.";
      $("doubts").replaceChildren(
        counted(summary),
        make("p", { className: "al-soft", textContent: said }),
        ...doubts.map(doubtful),
        make("div", { className: "bar" }, button),
      );
      $("table-note").textContent = "";
    } catch (error) {
      $("table-note").textContent = error.message;
    }
  });

  q.value = new URLSearchParams(location.search).get("q") ?? "";
  show();
  if (q.value) search();
})();
