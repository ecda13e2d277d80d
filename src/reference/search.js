(function () {
  "use strict";
  var box = document.getElementById("search"), list = document.getElementById("found");
  var entries = window.SCHEMACTL_SEARCH || [];
  if (!box || !list) { return; }
  function rank(entry, words) {
    var name = entry[0].toLowerCase(), all = (entry[0] + " " + entry[1] + " " + entry[3]).toLowerCase(), best = 0;
    for (var i = 0; i < words.length; i += 1) {
      if (all.indexOf(words[i]) < 0) { return -Infinity; }
      var last = name.split(".").pop();
      best += last === words[i] ? 8 : last.indexOf(words[i]) === 0 ? 4 : name.indexOf(words[i]) >= 0 ? 2 : 1;
    }
    return best * 1000 - name.length;
  }
  box.addEventListener("input", function () {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.textContent = "";
    list.hidden = words.length === 0;
    if (!words.length) { return; }
    var found = entries.map(function (entry) { return [rank(entry, words), entry]; })
      .filter(function (pair) { return pair[0] > -Infinity; })
      .sort(function (one, other) { return other[0] - one[0]; }).slice(0, 40);
    found.forEach(function (pair) {
      var item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("small");
      link.href = pair[1][2];
      link.textContent = pair[1][0] + " ";
      kind.textContent = pair[1][1] + (pair[1][3] ? " · " + pair[1][3] : "");
      link.appendChild(kind);
      item.appendChild(link);
      list.appendChild(item);
    });
    if (!found.length) { list.innerHTML = "<li><a>nothing found</a></li>"; }
  });
  document.addEventListener("keydown", function (event) {
    var links = Array.prototype.slice.call(list.querySelectorAll("a[href]")), at = links.indexOf(document.activeElement);
    if (event.key === "/" && document.activeElement !== box && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); box.focus(); }
    if (event.key === "Escape") { box.value = ""; list.hidden = true; box.blur(); }
    if (event.key === "Enter" && document.activeElement === box && links.length) { location.href = links[0].href; }
    if (event.key === "ArrowDown" && (document.activeElement === box || at >= 0) && links[at + 1]) { event.preventDefault(); links[at + 1].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (links[at - 1] || box).focus(); }
  });
})();
