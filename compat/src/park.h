/* park.h - sleep until a word changes: the one primitive that differs between systems.
 *
 * Words are only compared, never written, and unparking uses nothing but the address: waking a
 * word that no longer exists is harmless. Callers tolerate spurious returns.
 */
#ifndef WIN_PARK_H
#define WIN_PARK_H

#include <stdbool.h>
#include <stdint.h>

#define WIN_NEVER UINT64_MAX

/* The monotonic clock, in nanoseconds. */
uint64_t win_now_ns(void);

/* The moment `ms` milliseconds from now; WIN_NEVER for INFINITE. */
uint64_t win_deadline(uint32_t ms);

/* Sleep while *word is `expected`. False once `deadline` has passed. */
bool win_park(const uint32_t *word, uint32_t expected, uint64_t deadline);
void win_unpark_one(const uint32_t *word);
void win_unpark_all(const uint32_t *word);

#endif
