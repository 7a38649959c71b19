/**
 * Does some work for each item, for a few of them at once: a page must not take all connections of a storage.
 *
 * @param most the most items that are worked on at once.
 * @returns the results, in the order of the items.
 * @throws the first error. No other item is begun after it.
 */
export async function inParallel<In, Out>(
	items: readonly In[],
	most: number,
	work: (item: In) => Promise<Out>,
): Promise<Out[]> {
	const results: Out[] = [];
	const waiting = [...items.entries()].reverse();
	const workOff = async (): Promise<void> => {
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			const [index, item] = next;
			try {
				results[index] = await work(item);
			} catch (error) {
				waiting.length = 0;
				throw error;
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(most, items.length) }, workOff));
	return results;
}
