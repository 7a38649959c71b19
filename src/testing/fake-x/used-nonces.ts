/** The nonces that may not come again. An assumption: as long as their timestamp is good, for X publishes no window. */
export class UsedNonces {
	private readonly keptUntil = new Map<string, number>();

	/** False when this consumer has used the nonce before. */
	use(apiKey: string, nonce: string, now: number, keepUntil: number): boolean {
		this.forgetOld(now);
		const key = JSON.stringify([apiKey, nonce]);
		if (this.keptUntil.has(key)) {
			return false;
		}
		this.keptUntil.set(key, keepUntil);
		return true;
	}

	private forgetOld(now: number): void {
		for (const [key, until] of this.keptUntil) {
			if (until < now) {
				this.keptUntil.delete(key);
			}
		}
	}
}
