import * as library from "$distribution";

export async function extract(html, url) {
  // TODO: the package has $found
  $call
}
