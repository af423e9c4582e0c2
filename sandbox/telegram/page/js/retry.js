/**
 * Repeats an action until it succeeds, for actions that may have to wait for the emulator.
 */

const PAUSE_MS = 1500;

/**
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function untilDone(action) {
  for (;;) {
    try {
      return await action();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
