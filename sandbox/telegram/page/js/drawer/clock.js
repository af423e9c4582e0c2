/** @param {number} at Unix seconds */
export const clock = (at) => new Date(at * 1000).toLocaleTimeString([], { hour12: false });
