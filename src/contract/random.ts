/** Unpredictable bytes, from a CSPRNG in production. */
export interface Random {
	bytes(length: number): Uint8Array;
}
