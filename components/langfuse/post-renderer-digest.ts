/** SHA-256 of post-renderer.js. It is among the values, so that a changed script is a change of the release; the script checks it. */
export const POST_RENDERER_SHA256 = "dd38340f9a14d12b9a5cd987e81d6db7382a10e400066fedb85957afda706e5d";
