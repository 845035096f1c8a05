/** What a button on any page sends to the window to open the palette. */
export const paletteEvent = "minirun:palette";
