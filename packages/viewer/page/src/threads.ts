/** The number of threads that the address of the page asks for (`?threads=N`), if it is one from 1 to 8. */
export function threadsFromAddress(): number | undefined {
  const wanted = Number(new URLSearchParams(location.search).get('threads'));
  return Number.isInteger(wanted) && wanted >= 1 && wanted <= 8 ? wanted : undefined;
}
