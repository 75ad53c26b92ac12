/** What the kit says by itself. */

export const componentStrings = {
  notices: "Notices",
  dismiss: "Dismiss",
  retry: "Try again",
  copyDetails: "Copy details",
  copied: "Copied",
  requestId: (id: string) => `Request id ${id}`,
};
