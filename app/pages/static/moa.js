/* Comfort only; every page is whole without it. */
