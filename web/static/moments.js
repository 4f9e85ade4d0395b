// Fill the fields of a moment from the time of the video. Without this script, the times are typed.
const video = document.querySelector("video");
const field = (name) => document.getElementById(name);
const told = document.getElementById("told");

function formatTime(seconds) {
  const thousandths = Math.round(seconds * 1000);
  const minutes = Math.floor(thousandths / 60000);
  const rest = (thousandths % 60000) / 1000;
  const [whole, part] = String(rest).split(".");
  const tail = whole.padStart(2, "0") + (part ? `.${part}` : "");
  const minute = String(minutes % 60);
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${minute.padStart(2, "0")}:${tail}` : `${minute}:${tail}`;
}

function parseTime(text) {
  const colons = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim());
  const letters = /^(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/i.exec(text.trim());
  const found = colons || letters;
  return found ? (found[1] || 0) * 3600 + (found[2] || 0) * 60 + Number(found[3] || 0) : NaN;
}

// Check that the video lasts as long as a time, which the server cannot know.
function checkTime(name) {
  const beyond = parseTime(field(name).value) > video.duration;
  field(name).setCustomValidity(beyond ? `The video ends at ${formatTime(video.duration)}` : "");
}

function setTime(name, seconds) {
  if (!field(name)) return;
  field(name).value = formatTime(Math.min(Math.max(seconds, 0), video.duration || Infinity));
  checkTime(name);
  told.textContent = `${name === "start" ? "Start" : "End"} ${field(name).value}`;
}

if (video) {
  for (const part of document.querySelectorAll(".clock")) part.hidden = false;
  const begin = () => {
    const start = parseTime(field("start")?.value || video.dataset.start);
    if (start > 0) video.currentTime = start;
  };
  video.addEventListener("loadedmetadata", begin, { once: true });
  video.addEventListener("error", () => {
    told.textContent = "The video cannot be played here. Open it with the link below, and type the time.";
  });
  for (const name of ["start", "end"].filter(field)) {
    field(name).addEventListener("input", () => checkTime(name));
    video.addEventListener("durationchange", () => checkTime(name));
  }
  if (video.readyState > 0) begin();
  const play = document.querySelector("button.play");
  if (play) {
    play.hidden = false;
    play.addEventListener("click", () => {
      video.src = video.dataset.src;
      video.hidden = false;
      play.hidden = true;
      video.focus();
      video.play().catch(() => {}); // if the browser refuses, its own controls are there
    });
  }
  for (const button of document.querySelectorAll("[data-now]")) {
    button.addEventListener("click", () => setTime(button.dataset.now, video.currentTime));
  }
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const from = parseTime(field(button.dataset.of).value);
      const to = (Number.isNaN(from) ? video.currentTime : from) + Number(button.dataset.step);
      setTime(button.dataset.of, to);
      if (video.readyState > 0) video.currentTime = Math.max(to, 0);
    });
  }
}
