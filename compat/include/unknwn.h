/* unknwn.h - IUnknown. */
#ifndef __unknwn_h__
#define __unknwn_h__

#include <objbase.h>

#endif
