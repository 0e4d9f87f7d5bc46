/* SPDX-License-Identifier: GPL-2.0-or-later */
/* None of these trace points is kept. */
