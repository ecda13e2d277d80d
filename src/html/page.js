(function () {
  "use strict";
  var all = function (what) { return Array.prototype.slice.call(document.querySelectorAll(what)); };
  // The browser's own clipboard where it lets a file have it, else the older way.
  function copy(text, done) {
    function old() {
      var box = document.createElement("textarea");
      box.value = text;
      box.style.position = "fixed";
      box.style.opacity = "0";
      document.body.appendChild(box);
      box.select();
      var good = false;
      try { good = document.execCommand("copy"); } catch (error) { good = false; }
      document.body.removeChild(box);
      done(good);
    }
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(function () { done(true); }, old);
    } else {
      old();
    }
  }
  all("button[data-copy]").forEach(function (button) {
    var words = button.textContent;
    button.addEventListener("click", function () {
      var source = document.getElementById(button.getAttribute("data-copy"));
      copy(source ? source.textContent : "", function (good) {
        button.textContent = good ? "copied" : "not allowed here";
        setTimeout(function () { button.textContent = words; }, 1500);
      });
    });
  });
  all("button[data-fold]").forEach(function (button) {
    button.addEventListener("click", function () {
      var open = button.getAttribute("data-fold") === "open";
      all("details.card").forEach(function (card) { card.open = open; });
    });
  });
  var filter = document.getElementById("filter");
  if (filter) {
    var count = document.getElementById("filtered");
    filter.addEventListener("input", function () {
      var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      all("[data-filter]").forEach(function (item) {
        var text = item.getAttribute("data-filter").toLowerCase();
        item.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
        if (!item.hidden) { shown += 1; }
      });
      if (count) { count.textContent = words.length ? shown + " shown" : ""; }
    });
    document.addEventListener("keydown", function (event) {
      var within = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement && document.activeElement.tagName);
      if (event.key === "/" && !within && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); filter.focus(); }
      if (event.key === "Escape" && document.activeElement === filter) { filter.value = ""; filter.dispatchEvent(new Event("input")); filter.blur(); }
    });
  }
  window.addEventListener("beforeprint", function () { all("details").forEach(function (card) { card.open = true; }); });
})();
