export class NoAnswerError extends Error {
	override readonly name = "NoAnswerError";
}

/** @throws NoAnswerError when the call takes longer. The call itself goes on, and its outcome is ignored. */
export async function withinTime<Result>(
	call: Promise<Result>,
	milliseconds: number,
): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const silence = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new NoAnswerError("it does not answer")), milliseconds);
	});
	try {
		return await Promise.race([call, silence]);
	} finally {
		clearTimeout(timer);
	}
}
