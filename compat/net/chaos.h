/* chaos.h - lets another thread in at the worst moment, on purpose.
 *
 * Races hide where a thread would have to be interrupted between two instructions: around locks. Built
 * with WINHTTP_CHAOS, a thread may pause before it takes and after it gives back a lock: mostly not, now and then
 * long enough for anything to happen elsewhere. For storms (`./run storm`); never in what is installed.
 */
#ifndef WH_COMPAT_NET_CHAOS_H
#define WH_COMPAT_NET_CHAOS_H

#ifdef WINHTTP_CHAOS
void wh_chaos(void);
#else
static inline void wh_chaos(void)
{
}
#endif

#endif
