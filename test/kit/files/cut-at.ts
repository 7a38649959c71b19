/** A text in pieces, cut at these places; places outside of it cut nothing. */
export function cutAt(text: string, places: readonly number[]): string[] {
	const cuts = [...new Set(places.filter((place) => place < text.length))].sort((a, b) => a - b);
	return [0, ...cuts].map((from, index) => text.slice(from, cuts[index]));
}
