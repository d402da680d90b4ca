/** Made by esbuild.mjs: imports every test file of this folder. */
declare module 'virtual:host-tests';
