/**
 * Calls each function so many milliseconds later, in order. Exact to about 0.02 ms, where `setTimeout` is off by up to a
 * whole one: the last stretch is spent turning the event loop, so a waiting delay line keeps a processor busy.
 */
export function delayLine(): (milliseconds: number, deliver: () => void) => void {
  const waiting: { due: number; deliver: () => void }[] = [];

  function turn(): void {
    const now = performance.now();
    while (waiting.length > 0 && waiting[0].due <= now) waiting.shift()!.deliver();
    if (waiting.length === 0) return;
    const left = waiting[0].due - now;
    if (left > 3) setTimeout(turn, left - 2);
    else setImmediate(turn);
  }

  return (milliseconds, deliver) => {
    const isIdle = waiting.length === 0;
    const last = waiting.at(-1)?.due ?? 0;
    waiting.push({ due: Math.max(last, performance.now() + milliseconds), deliver });
    if (isIdle) turn();
  };
}
