// The focal point: a click on the whole picture moves the two sliders, and the sliders move the dot.
const picture = document.querySelector("[data-focal-point]");
const sliders = ["focal_x", "focal_y"].map((name) => document.querySelector(`[name=${name}]`));

function show() {
  const [x, y] = sliders.map((slider) => 100 * slider.value);
  const dot = picture.querySelector("circle");
  dot?.setAttribute("cx", x);
  dot?.setAttribute("cy", y);
}

if (picture && sliders.every(Boolean)) {
  show();
  sliders.forEach((slider) => slider.addEventListener("input", show));
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    sliders[0].value = (event.clientX - box.left) / box.width;
    sliders[1].value = (event.clientY - box.top) / box.height;
    for (const kind of ["input", "change"]) sliders[1].dispatchEvent(new Event(kind, { bubbles: true }));
  });
}
