/* conio_keys.h - one key of the keyboard, for both widths of the console functions. */
#ifndef WIN_CONIO_KEYS_H
#define WIN_CONIO_KEYS_H

/* The next byte typed, EOF when there is none to come. Flushes standard output first. */
int win_key_get(void);

#endif
