// A table that is searched, filtered, sorted and leafed through: rows come as JSON in the page, nothing is fetched.
// Cells are set as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("rows").textContent);
  const columns = data.columns, shown = columns.filter(one => one.label);
  const form = document.getElementById("browse"), status = document.getElementById("status");
  const body = document.querySelector("#listed tbody"), heads = [...document.querySelectorAll("#listed th")];
  const order = new Intl.Collator("en", { sensitivity: "base", numeric: true });
  const place = new Map(columns.map((one, at) => [one.key, at]));
  const filters = [...form.querySelectorAll("select[data-filter]")];
  const field = name => form.elements[name];
  let sort = { key: data.sort, down: false }, first = 0, found = data.rows, waiting;

  const value = (row, at) => {
    const own = row[at], known = columns[at].values;
    const said = known ? (own < 0 ? "" : known[own]) : own;
    return said === null ? "" : said;
  };
  const folded = words => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map();
  const text = row => {
    if (!texts.has(row)) texts.set(row, folded(columns.map((one, at) => one.label ? value(row, at) : "").join(" ")));
    return texts.get(row);
  };
  // What stands left of a word is sorted from the word outwards, as in printed concordances.
  const key = (row, at) => columns[at].kind === "left" ? value(row, at).split(" ").reverse().join(" ") : value(row, at);
  const bare = words => words.replace(/^[^\p{L}\p{N}]+/u, ""); // marks before a word do not count
  const compare = (a, b) => {
    if (a === b) return 0;
    if (a === "") return 1; // what is missing stands last, whichever way is sorted
    if (b === "") return -1;
    const less = typeof a === "number" ? a - b : order.compare(bare(a), bare(b)) || order.compare(a, b);
    return sort.down ? -less : less;
  };

  function choose() {
    const words = folded(field("q").value.trim().replace(/\s+/g, " "));
    const wanted = filters.filter(one => one.value !== "").map(one => [place.get(one.dataset.filter), one.value]);
    found = data.rows.filter(row => wanted.every(([at, said]) => String(value(row, at)) === said)
      && (!words || text(row).includes(words)));
    const at = place.get(sort.key);
    if (at !== undefined) {
      found = found.map((row, n) => [key(row, at), n, row]).sort((a, b) => compare(a[0], b[0]) || a[1] - b[1])
        .map(one => one[2]);
    }
    first = 0;
  }

  function cell(row, column) {
    const td = document.createElement("td"), said = value(row, place.get(column.key));
    td.className = `${column.kind || ""}${said === "" ? " none" : ""}`;
    const file = column.link && value(row, place.get(column.link));
    if (file) {
      const link = document.createElement("a"), anchor = place.has("anchor") ? "#" + value(row, place.get("anchor")) : "";
      link.href = `articles/${encodeURIComponent(file)}.html${anchor}`;
      link.textContent = said || "(none)";
      td.append(link);
    } else {
      td.textContent = typeof said === "number" ? said.toLocaleString("en") : said || "–";
    }
    return td;
  }

  function draw() {
    const size = Number(field("size").value);
    body.replaceChildren(...found.slice(first, first + size).map(row => {
      const tr = document.createElement("tr");
      tr.append(...shown.map(column => cell(row, column)));
      return tr;
    }));
    heads.forEach((head, at) => head.setAttribute("aria-sort",
      shown[at].key === sort.key ? (sort.down ? "descending" : "ascending") : "none"));
    field("sort").value = sort.key || "";
    field("down").checked = sort.down;
    const last = Math.min(first + size, found.length), all = data.rows.length.toLocaleString("en");
    const count = found.length === data.rows.length ? all : `${found.length.toLocaleString("en")} of ${all}`;
    status.textContent = found.length ? `${count} ${data.noun}; ${first + 1} to ${last} are shown.`
      : `None of ${all} ${data.noun}.`;
    form.querySelector(".ways").hidden = found.length <= size;
    for (const button of form.querySelectorAll("button[data-go]")) {
      const back = ["first", "back"].includes(button.dataset.go);
      button.disabled = back ? first === 0 : last >= found.length;
    }
  }

  // The address says what is shown, so that it can be passed on.
  function remember() {
    const said = new URLSearchParams();
    if (field("q").value) said.set("q", field("q").value);
    filters.filter(one => one.value !== "").forEach(one => said.set(one.dataset.filter, one.value));
    if (sort.key !== data.sort) said.set("sort", sort.key);
    if (sort.down) said.set("down", "1");
    try {
      history.replaceState(null, "", "#" + said);
    } catch { /* some browsers refuse this to files */ }
  }

  const decoded = words => {
    try {
      return decodeURIComponent(words);
    } catch {
      return words;
    }
  };

  function recall() {
    clearTimeout(waiting);
    const said = new URLSearchParams(location.hash.slice(1));
    field("q").value = said.get("q") || "";
    filters.forEach(one => {
      one.value = said.get(one.dataset.filter) || "";
      if (one.selectedIndex < 0) one.value = "";
    });
    sort = { key: place.has(said.get("sort")) ? said.get("sort") : data.sort, down: said.get("down") === "1" };
    choose();
    draw();
  }

  function change() {
    choose();
    draw();
    remember();
  }

  field("q").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(change, 150);
  });
  filters.forEach(one => one.addEventListener("change", change));
  field("size").addEventListener("change", () => { first = 0; draw(); });
  field("sort").addEventListener("change", event => { sort.key = event.target.value; change(); });
  field("down").addEventListener("change", event => { sort.down = event.target.checked; change(); });
  heads.forEach((head, at) => head.querySelector("button").addEventListener("click", () => {
    sort = { key: shown[at].key, down: sort.key === shown[at].key && !sort.down };
    change();
  }));
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", event => {
    event.preventDefault();
    [field("q"), ...filters].forEach(one => { one.value = ""; });
    sort = { key: data.sort, down: false };
    change();
    field("q").focus();
  });
  form.addEventListener("click", event => {
    const go = event.target.dataset.go, size = Number(field("size").value);
    if (!go) return;
    const last = Math.max(0, Math.floor((found.length - 1) / size) * size);
    first = { first: 0, back: Math.max(0, first - size), on: Math.min(last, first + size), last }[go];
    draw();
    document.getElementById("listed").scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("hashchange", () => {
    // A link to a place in this page, such as the one that skips to the content, says nothing of rows. Its event comes
    // when the page is next idle, when one may have typed already.
    if (document.getElementById(decoded(location.hash.slice(1)))) remember();
    else recall();
  });
  form.hidden = false;
  document.querySelector(".unscripted").remove();
  recall();
})();
