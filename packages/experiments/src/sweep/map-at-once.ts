/** How many are worked on at the same time: enough to keep a shared disk busy, which answers slowly. */
const atOnce = 32;

/** What a function makes of each element, in their order; several are worked on at the same time. */
export async function mapAtOnce<From, To>(list: readonly From[], make: (value: From) => Promise<To>): Promise<To[]> {
  const result = new Array<To>(list.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let place = next++; place < list.length; place = next++) result[place] = await make(list[place]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, work));
  return result;
}
