// Says how long it is until maintenance begins, and asks for the banner anew when it does.
(() => {
  "use strict";
  const words = (seconds) => {
    if (seconds < 60) return "in less than a minute";
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `in ${minutes} minute${minutes === 1 ? "" : "s"}`;
    const hours = Math.floor(minutes / 60);
    return `in ${hours} h ${minutes % 60} min`;
  };
  const tick = () => {
    const time = document.querySelector("#maintenance [data-countdown]");
    if (!time) return;
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    if (seconds > 0) {
      const told = words(seconds);
      if (time.dataset.told !== told) time.textContent = time.dataset.told = told;
      return;
    }
    time.textContent = "now";
    delete time.dataset.countdown; // once
    setTimeout(() => document.body.dispatchEvent(new Event("told")), 1200);
  };
  tick();
  setInterval(tick, 1000);
})();
