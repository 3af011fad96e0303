const telling = [
  "PASSWORD",
  "PASSWD",
  "PASSPHRASE",
  "SECRET",
  "TOKEN",
  "CREDENTIAL",
  "APIKEY",
  "PRIVATEKEY",
  "ACCESSKEY",
  "SIGNINGKEY",
  "ENCRYPTIONKEY",
] as const;

/**
 * Whether an environment variable looks, by its name, as if it held a secret. Upper and lower case, `_`, `.` and `-` make no
 * difference. Catches too much rather than too little (`MAX_TOKENS`): `plainSecrets` says that a name is harmless.
 */
export function looksSecret(variable: string): boolean {
  const bare = variable.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return telling.some((word) => bare.includes(word));
}
