/**
 * Makes the page end at the on-screen keyboard.
 *
 * Browsers that resize the page for the keyboard need nothing; iOS Safari only shrinks the
 * visual viewport, so the style sheet gets its height.
 */

export function followKeyboard() {
  const visible = window.visualViewport;
  if (!visible) return;
  const follow = () => {
    const covered = visible.scale === 1 && visible.height < window.innerHeight - 1;
    if (covered) document.documentElement.style.setProperty("--page-height", `${visible.height}px`);
    else document.documentElement.style.removeProperty("--page-height");
    if (covered) window.scrollTo(0, 0);
  };
  visible.addEventListener("resize", follow);
}
