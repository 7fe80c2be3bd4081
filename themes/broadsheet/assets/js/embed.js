// A click on an embed's card puts its player there. Without script the card is a link to the page it names,
// and until the click no other host is asked for anything.
document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-embed-src]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    var player = document.createElement("iframe");
    player.src = link.dataset.embedSrc;
    player.title = link.textContent;
    player.allow = "fullscreen; picture-in-picture";
    player.referrerPolicy = "strict-origin-when-cross-origin";
    link.replaceWith(player);
    player.focus();
});
