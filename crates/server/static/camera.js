// Takes the photo with the camera and puts it into the form's file field. Without this module the file field stands alone.

const room = document.querySelector("[data-camera]");
const field = document.querySelector("#photo");
const ratio = 3 / 4;
const height = 1200;

if (room && field && navigator.mediaDevices?.getUserMedia) {
  const video = room.querySelector("video");
  const canvas = room.querySelector("canvas");
  const start = room.querySelector("[data-start]");
  const shoot = room.querySelector("[data-shoot]");
  const retake = room.querySelector("[data-retake]");
  const say = (text) => { room.querySelector("[data-say]").textContent = text; };
  let stream;
  room.hidden = false;

  const stop = () => stream?.getTracks().forEach((track) => track.stop());
  const show = (taken) => {
    canvas.hidden = !taken;
    video.hidden = taken;
    retake.hidden = !taken;
    shoot.hidden = taken;
  };

  start.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", height: { ideal: 1440 } }, audio: false });
      video.srcObject = stream;
      await video.play();
      start.hidden = true;
      show(false);
      say(room.dataset.ready);
      shoot.focus();
    } catch {
      say(room.dataset.blocked);
    }
  });

  shoot.addEventListener("click", () => {
    // The middle of the picture, upright, in the proportions of the card.
    const tall = Math.min(video.videoHeight, video.videoWidth / ratio);
    const wide = tall * ratio;
    canvas.height = Math.round(Math.min(tall, height));
    canvas.width = Math.round(canvas.height * ratio);
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
      retake.focus();
    }, "image/jpeg", 0.92);
  });

  retake.addEventListener("click", () => {
    field.value = "";
    show(false);
    say(room.dataset.ready);
    shoot.focus();
  });

  addEventListener("pagehide", stop);
}
