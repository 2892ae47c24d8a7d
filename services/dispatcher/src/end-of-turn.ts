/**
 * Takes what comes in one turn of the event loop and gives it to `each` at the end of the turn, one after the other: that costs less than to go from one
 * kind of work to another with each (of what a delivery costs the dispatcher, a twentieth).
 * @param failed is told what `each` throws; the others still get their turn
 */
export function atEndOfTurn<T>(each: (item: T) => void, failed: (error: Error) => void): (item: T) => void {
  let gathered: T[] = [];

  function give(): void {
    const items = gathered;
    gathered = [];
    for (const item of items) {
      try {
        each(item);
      } catch (error) {
        failed(error as Error);
      }
    }
  }

  return (item) => {
    if (gathered.push(item) === 1) setImmediate(give);
  };
}
