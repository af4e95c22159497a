// Takes the photo with the camera and puts it into the form's file field. Without this module the file field stands alone.
// In a kiosk the camera starts by itself, counts down, and the form goes off with the picture.

const room = document.querySelector("[data-camera]");
const field = document.querySelector("#photo");
const ratio = 3 / 4;
// More than the card shows to each side: the server cuts around the face.
const margin = 1.3;
const height = 1440;

if (room && field && navigator.mediaDevices?.getUserMedia) {
  const video = room.querySelector("video");
  const canvas = room.querySelector("canvas");
  const start = room.querySelector("[data-start]");
  const shoot = room.querySelector("[data-shoot]");
  const retake = room.querySelector("[data-retake]");
  const count = room.querySelector("[data-count]");
  const say = (text) => { room.querySelector("[data-say]").textContent = text; };
  const { auto, send } = room.dataset;
  let stream;
  room.hidden = false;

  const stop = () => stream?.getTracks().forEach((track) => track.stop());
  const show = (taken) => {
    canvas.hidden = !taken;
    video.hidden = taken;
    retake.hidden = !taken;
    shoot.hidden = taken;
  };
  const second = () => new Promise((done) => setTimeout(done, 1000));

  const begin = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", height: { ideal: height } }, audio: false });
      video.srcObject = stream;
      await video.play();
      start.hidden = true;
      show(false);
      if (send !== undefined) field.form.hidden = true;
      say(room.dataset.ready);
      shoot.focus();
    } catch {
      say(room.dataset.blocked);
    }
  };

  const take = () => {
    const tall = Math.min(video.videoHeight, video.videoWidth / ratio);
    const wide = Math.min(video.videoWidth, tall * ratio * margin);
    canvas.height = Math.round(Math.min(tall, height));
    canvas.width = Math.round((canvas.height * wide) / tall);
    const left = (video.videoWidth - wide) / 2;
    const top = (video.videoHeight - tall) / 2;
    canvas.getContext("2d").drawImage(video, left, top, wide, tall, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((picture) => {
      if (!picture) return say(room.dataset.blocked);
      const files = new DataTransfer();
      files.items.add(new File([picture], "photo.jpg", { type: "image/jpeg" }));
      field.files = files.files;
      show(true);
      say(room.dataset.taken);
      if (send !== undefined) {
        retake.hidden = true;
        stop();
        field.form.requestSubmit();
      } else {
        retake.focus();
      }
    }, "image/jpeg", 0.92);
  };

  start.addEventListener("click", begin);

  shoot.addEventListener("click", async () => {
    if (shoot.getAttribute("aria-disabled") === "true") return;
    shoot.setAttribute("aria-disabled", "true");
    for (let left = Number(room.dataset.countdown ?? 0); left > 0; left -= 1) {
      count.hidden = false;
      count.textContent = left;
      say(String(left));
      await second();
    }
    if (count) count.hidden = true;
    shoot.removeAttribute("aria-disabled");
    take();
  });

  retake.addEventListener("click", () => {
    field.value = "";
    show(false);
    say(room.dataset.ready);
    shoot.focus();
  });

  addEventListener("pagehide", stop);
  if (auto !== undefined) begin();
}
