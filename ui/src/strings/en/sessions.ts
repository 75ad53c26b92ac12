/** What is said of sessions wherever they are shown. */

/** Words about who acts, and about what a session lacks. */
export const sessionStrings = {
  needsSecret: "Needs its secret",
  needsSecretShort: "needs secret",
  needsSecretHint: "Its secret is not kept any more. Enter it, and what waits goes on",
  enterSecret: "Enter the secret…",
  enterSecretOf: (title: string) => `Enter the secret for ${title}`,
  signIn: "Sign in again",
  notSignedIn: (name: string) => `${name} could not be signed in`,
  memoryOnly: "Keys in memory only",
  memoryOnlyHint: "The secret is not in a keychain: it is gone when Longshore ends",
  listedAnew: (name: string) => `${name} was changed. What is shown was listed anew`,
  source: {
    profile: (name: string) => name,
    environment: "Environment",
    keychain: "Access keys",
    anonymous: "Anonymous",
    playground: "SeaweedFS on this computer",
  },
} as const;
