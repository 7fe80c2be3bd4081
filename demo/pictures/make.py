#!/usr/bin/env python3
"""Cuts the demo's pictures: python3 make.py [name...] writes NAME.svg beside this file.

One print style for all of them, after linocut: flat inks on paper, edges a little
rough, and light taken out of the dark with tapered gouge marks. Six inks, no
gradients, no text, no scripts, nothing fetched. Each picture is seeded by its own
name, so a second run writes the same bytes. Limit: SIZE_LIMIT bytes a picture.
"""
import math
import os
import random
import sys

PAPER, INK, SEA, MIST, RUST, OCHRE = '#f3e9d6', '#16242e', '#2b5b6b', '#93b3ae', '#c04c2c', '#dda23f'
DUSK = '#1f404e'  # ink over sea, for nights
SIZE_LIMIT = 15000
HERE = os.path.dirname(os.path.abspath(__file__))


def inside(pts, x, y):
    """Even-odd test."""
    hit = False
    j = len(pts) - 1
    for i in range(len(pts)):
        (xi, yi), (xj, yj) = pts[i], pts[j]
        if (yi > y) != (yj > y) and x < (xj - xi) * (y - yi) / (yj - yi) + xi:
            hit = not hit
        j = i
    return hit


def box(x, y, w, h):
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def arc(cx, cy, rx, ry, a0, a1, n=18):
    """Points along an ellipse, degrees clockwise from the right."""
    return [(cx + rx * math.cos(math.radians(a0 + (a1 - a0) * i / n)),
             cy + ry * math.sin(math.radians(a0 + (a1 - a0) * i / n))) for i in range(n + 1)]


class Print:
    def __init__(self, name, ground, w=1600, h=1067):
        self.name, self.w, self.h = name, w, h
        self.r = random.Random(name)
        self.runs = []  # (attributes, [(path data, left, top, right, bottom)])
        self.shape(box(-9, -9, w + 18, h + 18), ground, 0)

    # -- marks -----------------------------------------------------------
    def _put(self, attrs, d, pts, margin):
        """Adds a mark to the last run of its ink that nothing printed since overlaps."""
        x0, x1 = min(p[0] for p in pts) - margin, max(p[0] for p in pts) + margin
        y0, y1 = min(p[1] for p in pts) - margin, max(p[1] for p in pts) + margin
        if x1 < 0 or y1 < 0 or x0 > self.w or y0 > self.h:
            return
        for ink, marks in reversed(self.runs):
            if ink == attrs:
                marks.append((d, x0, y0, x1, y1))
                return
            if any(m[1] < x1 and m[3] > x0 and m[2] < y1 and m[4] > y0 for m in marks):
                break
        self.runs.append((attrs, [(d, x0, y0, x1, y1)]))

    def shape(self, pts, fill, rough=2.5):
        """A closed area, its long edges wandering as a knife does."""
        out = []
        n = len(pts)
        for i in range(n):
            (x0, y0), (x1, y1) = pts[i], pts[(i + 1) % n]
            dist = math.hypot(x1 - x0, y1 - y0)
            steps = max(1, int(dist / 130)) if rough else 1
            for k in range(steps):
                t = k / steps
                j = rough if k else rough * 0.4
                out.append((round(x0 + (x1 - x0) * t + self.r.uniform(-j, j)),
                            round(y0 + (y1 - y0) * t + self.r.uniform(-j, j))))
        d = 'M%d %d' % out[0]
        px, py = out[0]
        for x, y in out[1:]:
            d += 'l%d %d' % (x - px, y - py)
            px, py = x, y
        self._put('fill="%s"' % fill, d, out, 1)
        return pts

    def rect(self, x, y, w, h, fill, rough=2.5):
        return self.shape(box(x, y, w, h), fill, rough)

    def disc(self, cx, cy, r, fill, ry=None, rough=2):
        return self.shape(arc(cx, cy, r, ry or r, 0, 345, 23 if r > 40 else 11), fill, min(rough, r / 12))

    def line(self, pts, width, ink):
        d = 'M%d %d' % (round(pts[0][0]), round(pts[0][1]))
        px, py = round(pts[0][0]), round(pts[0][1])
        for x, y in pts[1:]:
            x, y = round(x), round(y)
            d += 'l%d %d' % (x - px, y - py)
            px, py = x, y
        self._put('fill="none" stroke="%s" stroke-width="%g"' % (ink, width), d, pts, width)

    def gouge(self, x, y, length, angle, width, ink):
        """One push of the gouge: pointed at both ends, fat in the middle."""
        a = math.radians(angle)
        dx, dy = length * math.cos(a), length * math.sin(a)
        nx, ny = -math.sin(a) * width, math.cos(a) * width
        self._put('fill="%s"' % ink, 'M%d %dq%d %d %d %dq%d %d %d %d' % (
            x, y, round(dx * .6 + nx), round(dy * .6 + ny), round(dx), round(dy),
            round(-dx * .4 - nx), round(-dy * .4 - ny), round(-dx), round(-dy)), [(x, y), (x + dx, y + dy)], width + 1)

    def cuts(self, pts, ink, gap=24, length=90, width=4, angle=0, keep=None, space=0.5):
        """Rows of gouge marks inside an area; keep(x, y) -> chance of each."""
        a = math.radians(angle)
        ca, sa = math.cos(a), math.sin(a)
        rot = [(x * ca + y * sa, -x * sa + y * ca) for x, y in pts]
        u0, u1 = min(p[0] for p in rot), max(p[0] for p in rot)
        v = min(p[1] for p in rot) + gap * .6
        v1 = max(p[1] for p in rot)
        while v < v1:
            u = u0 + self.r.uniform(0, length)
            while u < u1:
                n = length * self.r.uniform(.55, 1.25)
                vv = v + self.r.uniform(-.18, .18) * gap
                x, y = u * ca - vv * sa, u * sa + vv * ca
                x2, y2 = x + n * ca, y + n * sa
                if inside(pts, x, y) and inside(pts, x2, y2) and (
                        keep is None or self.r.random() < keep((x + x2) / 2, (y + y2) / 2)):
                    self.gouge(x, y, n, angle, width * self.r.uniform(.6, 1.3), ink)
                u += n + length * space * self.r.uniform(.3, 1.6)
            v += gap

    def sky(self, y1, ink, gap=30, length=190, width=5, y0=0, fade=True):
        """Long level strokes, thinning out towards the horizon."""
        self.cuts(box(-150, y0, self.w + 300, y1 - y0), ink, gap, length, width, self.r.uniform(-2, 2),
                  (lambda x, y: .25 + .75 * (1 - (y - y0) / (y1 - y0))) if fade else None)

    def water(self, y0, y1, ink, chance=.8, first=16, x0=-80, x1=None):
        """Strokes that lengthen and part as they come nearer."""
        x1 = self.w + 80 if x1 is None else x1
        y, k = y0 + first * .7, 1.0
        while y < y1:
            x = x0 + self.r.uniform(0, 90)
            while x < x1:
                n = 34 * k * self.r.uniform(.7, 1.9)
                if self.r.random() < chance and x + n < x1:
                    self.gouge(x, y + self.r.uniform(-3, 3), n, self.r.uniform(-2, 2), 2.2 + k * 1.3, ink)
                x += n + 46 * k * self.r.uniform(.4, 1.7)
            y += first * k
            k *= 1.17

    # -- things met in more than one picture ------------------------------
    def gull(self, x, y, s, ink):
        self.shape([(x - s, y - s * .28), (x - s * .45, y - s * .42), (x, y), (x + s * .5, y - s * .5),
                    (x + s * 1.1, y - s * .3), (x + s * .5, y - s * .3), (x, y + s * .2), (x - s * .45, y - s * .22)],
                   ink, 0)

    def house(self, x, base, w, h, wall, roof, lit=None, gable=True, chimney=True):
        ridge = h * .42
        if chimney:
            self.rect(x + w * .68, base - h - ridge * .9, w * .13, ridge * .8, roof, 1)
        self.rect(x, base - h, w, h, wall, 1.5)
        if gable:
            self.shape([(x - 6, base - h), (x + w / 2, base - h - ridge), (x + w + 6, base - h)], roof, 1.5)
        else:
            self.shape([(x - 6, base - h), (x + w * .12, base - h - ridge * .7), (x + w * .88, base - h - ridge * .7),
                        (x + w + 6, base - h)], roof, 1.5)
        if lit:
            cols = 2 if w < 150 else 3
            rows = max(1, int(h / 85))
            for c in range(cols):
                for q in range(rows):
                    if self.r.random() < .82:
                        ww, hh = w * .17, h / rows * .42
                        self.rect(x + w * (c + .5) / cols - ww / 2, base - h + h * (q + .3) / rows, ww, hh, lit, 1)

    def terrace(self, x, x1, base, low, high, walls, roof, lit):
        """A row of houses from x to x1."""
        while x < x1:
            w = self.r.uniform(85, 150)
            self.house(x, base, w, self.r.uniform(low, high), self.r.choice(walls), roof, lit, self.r.random() < .7)
            x += w + self.r.uniform(-2, 5)

    def person(self, x, y, h, coat, head=None, skirt=False, bag=None, hat=None):
        """Someone standing at (x, y), seen small: legs, coat, arms, head."""
        w = h * .14
        edge = INK if coat != INK else SEA
        if skirt:
            for f in (-.4, .25):
                self.rect(x + w * f, y - h * .12, w * .3, h * .12, edge, 0)
            self.shape([(x - w * 1.05, y - h * .1), (x - w * .6, y - h * .5), (x - w * .9, y - h * .72), (x - w * .4, y - h * .83),
                        (x + w * .4, y - h * .83), (x + w * .9, y - h * .72), (x + w * .6, y - h * .5), (x + w * 1.15, y - h * .1)],
                       coat, 1.5)
        else:
            self.shape([(x - w * .66, y), (x - w * .56, y - h * .46), (x + w * .56, y - h * .46), (x + w * .7, y),
                        (x + w * .22, y), (x, y - h * .32), (x - w * .22, y)], edge if coat == INK else INK, 1)
            self.shape([(x - w * .8, y - h * .34), (x - w * .95, y - h * .74), (x - w * .4, y - h * .83),
                        (x + w * .4, y - h * .83), (x + w * .95, y - h * .74), (x + w * .85, y - h * .34)], coat, 1.5)
        if h > 120:
            self.gouge(x - w * .55, y - h * .68, h * .26, 96, w * .16, edge)
            self.gouge(x + w * .55, y - h * .68, h * .26, 84, w * .16, edge)
        self.rect(x - h * .03, y - h * .88, h * .06, h * .08, head or PAPER, 0)
        self.disc(x, y - h * .92, h * .066, head or PAPER, h * .082)
        if hat:
            self.shape([(x - h * .1, y - h * .94), (x - h * .065, y - h * 1.02), (x + h * .065, y - h * 1.02),
                        (x + h * .1, y - h * .94)], hat, 1)
        elif h > 100 and head != INK:
            hair = [INK, INK, RUST][int(x) % 3] if coat != RUST else INK
            self.shape(arc(x, y - h * .93, h * .075, h * .085, 150, 375, 6), hair, 0)
        if bag:
            self.line([(x + w * .8, y - h * .6), (x + w * 1.25, y - h * .36)], h * .05, coat)
            self.rect(x + w * .9, y - h * .36, h * .17, h * .17, bag, 1)

    def truss(self, cx, deck, half, rise, ink, panels=7, width=13):
        """A swing span: two arms, highest over the pivot."""
        def top(t):  # t 0 at the pivot, 1 at the tip
            return deck - 40 - rise * (1 - t) ** .8
        for s in (-1, 1):
            upper = [(cx + s * half * i / panels, top(i / panels)) for i in range(panels + 1)]
            self.line(upper, width, ink)
            for i in range(panels + 1):
                x = cx + s * half * i / panels
                self.line([(x, top(i / panels)), (x, deck)], width * .6, ink)
                if i < panels:
                    x2 = cx + s * half * (i + 1) / panels
                    self.line([(x, top(i / panels)), (x2, deck)], width * .45, ink)
        self.rect(cx - half - 14, deck - 12, 2 * half + 28, 34, ink)

    def drifter(self, x, y, s, hull=INK, stripe=RUST, sail=RUST):
        """A herring boat, bows left, waterline centre at (x, y)."""
        def p(*q):
            return [(x + a * s, y + b * s) for a, b in q]
        for a, b, c in ((-95, -10, -330), (190, -10, -250)):
            self.line(p((a, b), (a + 6, c)), 9 * s, INK)
        self.shape(p((200, -240), (205, -70), (330, -80)), sail)
        self.line(p((-90, -325), (-330, -105)), 3 * s, INK)
        self.line(p((-90, -325), (196, -245)), 3 * s, INK)
        self.line(p((196, -245), (345, -70)), 3 * s, INK)
        self.line(p((-90, -120), (60, -215)), 6 * s, INK)
        self.shape(p((20, -60), (24, -165), (128, -165), (132, -60)), PAPER)
        self.shape(p((10, -163), (16, -182), (138, -182), (142, -163)), hull)
        for a in (34, 66, 98):
            self.shape(p((a, -110), (a, -148), (a + 22, -148), (a + 22, -110)), SEA, 1)
        self.shape(p((-345, -118), (-200, -72), (60, -56), (250, -70), (360, -92), (335, 0), (290, 34), (-230, 38),
                     (-290, 6)), hull)
        self.shape(p((-338, -100), (-198, -52), (60, -36), (250, -50), (354, -72), (351, -56), (250, -34), (60, -20),
                     (-200, -36), (-328, -82)), stripe, 1)
        self.cuts(p((-270, -20), (60, -4), (310, -20), (290, 28), (-230, 32)), PAPER, 20 * s, 70 * s, 2.6 * s, 1, space=1.2)

    def crane(self, x, base, s, ink, reach=1):
        def p(*q):
            return [(x + reach * a * s, base + b * s) for a, b in q]
        self.shape(p((-70, 0), (-46, -190), (-26, -190), (-42, 0)), ink)
        self.shape(p((70, 0), (46, -190), (26, -190), (42, 0)), ink)
        self.shape(p((-62, -186), (62, -186), (56, -214), (-56, -214)), ink)
        self.shape(p((-52, -210), (-56, -318), (34, -318), (58, -270), (58, -210)), ink)
        self.shape(p((4, -296), (28, -296), (44, -262), (4, -262)), OCHRE, 1)
        self.line(p((40, -230), (330, -590)), 11 * s, ink)
        self.line(p((0, -318), (330, -590)), 5 * s, ink)
        self.line(p((-30, -318), (-8, -440), (330, -590)), 6 * s, ink)
        for i in range(1, 7):
            t = i / 7
            self.line(p((40 + 290 * t, -230 - 360 * t), (330 * (t - .06), -318 - 272 * (t - .06))), 4 * s, ink)
        self.line(p((330, -590), (330, -330)), 3 * s, ink)
        self.shape(p((318, -330), (342, -330), (338, -296), (322, -296)), ink, 1)
        self.line(p((-42, -60), (42, -140)), 6 * s, ink)
        self.line(p((42, -60), (-42, -140)), 6 * s, ink)

    def rain(self, ink, n=110, y1=None, length=70, angle=105, width=2.4):
        for _ in range(n):
            self.gouge(self.r.uniform(0, self.w + 60), self.r.uniform(-40, (y1 or self.h) - 60),
                       length * self.r.uniform(.6, 1.4), angle, width, ink)

    def save(self):
        body = ''.join('<path %s d="%s"/>\n' % (a, ''.join(m[0] for m in marks).replace(' -', '-')) for a, marks in self.runs)
        text = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">\n<g stroke-linejoin="round">\n%s</g>\n</svg>\n' % (
            self.w, self.h, self.w, self.h, body)
        if len(text) > SIZE_LIMIT:
            print('%s: %d bytes, over %d' % (self.name, len(text), SIZE_LIMIT), file=sys.stderr)
        with open(os.path.join(HERE, self.name + '.svg'), 'w') as f:
            f.write(text)


# -- the pictures ----------------------------------------------------------
def harbour():
    p = Print('harbour', MIST, 2400, 960)
    p.sky(430, PAPER, 30, 240, 6)
    p.disc(1830, 330, 118, OCHRE)
    p.shape([(0, 520), (0, 400), (240, 345), (520, 400), (800, 372), (1150, 440), (1500, 405), (1900, 450), (2400, 380),
             (2400, 560), (0, 560)], SEA)
    p.cuts([(0, 520), (0, 420), (240, 372), (520, 425), (800, 400), (1150, 460), (1150, 520)], MIST, 24, 60, 3, 12)
    p.terrace(40, 640, 600, 70, 130, [PAPER, RUST, OCHRE, PAPER], INK, SEA)
    p.house(690, 600, 340, 120, RUST, INK, PAPER, False, False)
    p.house(1040, 600, 340, 120, PAPER, INK, SEA, False, False)
    for x, s, d in ((1490, .86, 1), (1740, .86, 1), (2180, .92, -1)):
        p.crane(x, 606, s, INK, d)
    p.rect(-10, 598, 2420, 44, INK)
    p.cuts(box(0, 606, 2400, 32), MIST, 14, 46, 3, 90, lambda x, y: .3)
    p.rect(-10, 640, 2420, 330, SEA)
    p.water(650, 960, PAPER, .6, 17)
    p.rect(1700, 660, 250, 10, OCHRE)
    for i in range(7):
        p.gouge(1730 - i * 6, 690 + i * 34, 190 + i * 10, 0, 7, OCHRE)
    p.drifter(420, 742, .62)
    p.drifter(1010, 800, .8, stripe=OCHRE, sail=OCHRE)
    for x, y, s in ((700, 170, 34), (830, 220, 24), (1240, 130, 28), (300, 240, 22)):
        p.gull(x, y, s, INK)
    p.save()


def ferry():
    p = Print('ferry', OCHRE)
    p.sky(520, PAPER, 34, 220, 8)
    p.shape([(980, 640), (1040, 560), (1180, 500), (1290, 520), (1400, 460), (1620, 540), (1620, 660)], SEA)
    p.cuts([(1010, 630), (1180, 520), (1290, 540), (1400, 480), (1620, 560), (1620, 640)], OCHRE, 22, 50, 3, 20)
    p.rect(-10, 636, 1620, 440, SEA)
    p.water(645, 1067, PAPER, .62, 17)
    # ship, bows right
    p.rect(360, 330, 26, 200, INK)
    p.shape([(330, 520), (345, 330), (470, 330), (480, 520)], RUST)
    p.shape([(343, 352), (345, 326), (470, 326), (471, 352)], INK)
    p.shape([(462, 318), (560, 268), (690, 262), (590, 300), (480, 326)], INK, 6)
    p.shape([(240, 610), (248, 500), (900, 500), (1010, 560), (1010, 610)], PAPER)
    p.shape([(560, 505), (566, 408), (880, 408), (930, 505)], PAPER)
    p.shape([(550, 410), (552, 390), (892, 390), (900, 410)], INK)
    p.line([(770, 390), (775, 270)], 8, INK)
    p.line([(775, 285), (1110, 560)], 3, INK)
    p.line([(740, 320), (812, 320)], 6, INK)
    for i in range(6):
        p.rect(588 + i * 52, 436, 34, 36, SEA, 1)
    for i in range(12):
        p.rect(270 + i * 54, 536, 32, 34, SEA, 1)
    p.shape([(150, 600), (1160, 590), (1250, 548), (1190, 680), (1150, 760), (210, 760), (160, 690)], INK)
    p.shape([(152, 626), (1165, 618), (1228, 588), (1222, 606), (1165, 638), (154, 648)], RUST, 1)
    p.cuts([(180, 660), (1160, 650), (1160, 740), (215, 745)], MIST, 24, 80, 3, 0, space=1)
    for x in (980, 1030, 1080):
        p.disc(x, 668, 11, PAPER)
    p.shape([(200, 752), (1150, 752), (1270, 776), (1130, 800), (700, 786), (300, 806), (90, 784)], PAPER, 6)
    p.cuts([(180, 757), (1150, 757), (1130, 792), (300, 800)], SEA, 14, 50, 3, 0)
    for x, y, s in ((140, 420, 40), (250, 340, 26), (1080, 380, 30), (1300, 300, 44), (1190, 210, 24)):
        p.gull(x, y, s, INK)
    p.save()


def bridge():
    p = Print('bridge', PAPER)
    p.sky(470, MIST, 28, 200, 7)
    p.shape([(400, 760), (400, 640), (620, 606), (820, 640), (1000, 612), (1200, 650), (1200, 760)], MIST)
    p.cuts(box(400, 650, 800, 100), SEA, 22, 60, 4, 0)
    p.terrace(-20, 440, 690, 120, 220, [OCHRE, MIST, RUST], INK, INK)
    p.terrace(1150, 1620, 690, 120, 230, [MIST, RUST, OCHRE], INK, INK)
    p.shape([(-10, 680), (440, 680), (470, 760), (-10, 760)], INK)
    p.shape([(1610, 680), (1150, 680), (1120, 760), (1610, 760)], INK)
    p.rect(-10, 752, 1620, 330, SEA)
    p.water(760, 1067, PAPER, .6, 17)
    # reflected dark of the pier
    p.shape([(650, 800), (950, 800), (920, 1000), (690, 1000)], INK, 8)
    p.cuts([(640, 800), (960, 800), (930, 1000), (680, 1000)], SEA, 26, 120, 7, 0)
    p.shape([(668, 660), (932, 660), (955, 812), (645, 812)], INK)
    p.cuts([(675, 668), (925, 668), (945, 805), (655, 805)], MIST, 28, 60, 4, 0, space=.25)
    p.truss(800, 610, 520, 250, INK)
    p.rect(740, 622, 120, 42, INK)
    # the keeper's cabin on top
    p.rect(735, 240, 130, 92, RUST)
    p.shape([(718, 244), (748, 196), (852, 196), (882, 244)], INK)
    for x in (750, 788, 826):
        p.rect(x, 262, 26, 38, PAPER, 1)
    p.line([(800, 198), (800, 130)], 6, INK)
    p.shape([(803, 132), (868, 146), (803, 164)], RUST, 1)
    p.shape([(430, 556), (436, 528), (462, 512), (520, 512), (540, 530), (562, 536), (566, 572), (430, 572)], RUST, 1)
    p.rect(462, 522, 26, 18, PAPER, 0)
    p.rect(496, 522, 24, 18, PAPER, 0)
    p.disc(460, 576, 15, INK)
    p.disc(538, 576, 15, INK)
    for x, y, s in ((330, 240, 34), (1240, 190, 40), (1360, 270, 24)):
        p.gull(x, y, s, INK)
    p.save()


def span_afloat():
    p = Print('span-afloat', OCHRE)
    p.sky(560, PAPER, 32, 230, 8)
    p.disc(1270, 560, 150, RUST)
    p.shape([(0, 640), (0, 560), (300, 520), (640, 560), (1000, 540), (1620, 590), (1620, 650)], MIST)
    p.rect(-10, 632, 1620, 450, SEA)
    p.water(640, 1067, OCHRE, .6, 17)
    # the pier it has left
    p.shape([(40, 540), (250, 540), (275, 720), (20, 720)], INK)
    p.cuts([(48, 548), (240, 548), (262, 712), (30, 712)], MIST, 26, 56, 4, 0, space=.25)
    p.truss(860, 590, 490, 240, INK, 7, 12)
    p.rect(805, 236, 110, 84, RUST)
    p.shape([(790, 240), (815, 196), (905, 196), (930, 240)], INK)
    p.rect(822, 256, 26, 34, PAPER, 1)
    p.rect(868, 256, 26, 34, PAPER, 1)
    for x in (640, 760, 880, 1000, 1080):
        p.line([(x, 606), (x - 14, 690)], 14, INK)
        p.line([(x - 26, 606), (x + 20, 690)], 7, INK)
    p.shape([(500, 684), (1200, 684), (1180, 772), (530, 772)], RUST)
    p.shape([(516, 732), (1190, 732), (1180, 780), (530, 780)], INK)
    p.cuts([(530, 690), (1180, 690), (1176, 728), (524, 728)], INK, 18, 60, 3, 0, space=1)
    # tugs
    for x, s in ((300, 1), (1400, -1)):
        def q(*pts):
            return [(x + s * a, 790 + b) for a, b in pts]
        p.shape(q((20, -70), (20, -150), (70, -150), (74, -70)), PAPER)
        p.shape(q((-14, -70), (-10, -170), (14, -170), (16, -70)), RUST)
        p.rect(x + s * 45 - 16, 652, 32, 24, INK, 1)
        p.shape(q((-110, -74), (90, -66), (140, -96), (118, 4), (90, 24), (-92, 24), (-120, -20)), INK)
        p.line(q((120, -80), (235 if s > 0 else 205, -78)), 4, INK)
        p.gouge(x - 170, 822, 330, 0, 10, PAPER)
        p.gouge(x - 130, 842, 240, 0, 8, PAPER)
    p.gouge(500, 796, 700, 0, 12, PAPER)
    for x, y, s in ((300, 260, 36), (420, 330, 24), (1240, 230, 30)):
        p.gull(x, y, s, INK)
    p.save()


def keeper():
    p = Print('keeper', INK)
    # a window on the river, seen from inside the cabin
    p.rect(150, 90, 1300, 620, MIST)
    p.sky(400, PAPER, 30, 200, 6, 95)
    p.shape([(150, 440), (400, 380), (760, 430), (1100, 370), (1450, 420), (1450, 480), (150, 480)], SEA)
    p.rect(150, 468, 1300, 242, SEA)
    p.water(474, 706, PAPER, .6, 15, 160, 1440)
    p.line([(910, 600), (914, 210)], 9, INK)
    p.shape([(922, 228), (922, 560), (1110, 560)], PAPER)
    p.shape([(900, 270), (900, 560), (790, 560)], RUST)
    p.shape([(770, 580), (1120, 572), (1080, 632), (810, 632)], INK)
    p.rect(-10, -10, 170, 1090, INK, 0)
    p.rect(1440, -10, 170, 1090, INK, 0)
    for x in (575, 1010):
        p.rect(x, 90, 22, 620, INK)
    p.rect(150, 330, 1300, 18, INK)
    p.cuts(box(150, 20, 1300, 60), SEA, 20, 120, 4, 0)
    p.rect(-10, 704, 1620, 380, DUSK)
    p.rect(-10, 704, 1620, 40, RUST)
    p.cuts(box(0, 750, 1600, 310), INK, 30, 190, 5, 0)
    # three levers in their frame
    p.shape([(900, 930), (1360, 930), (1400, 1080), (860, 1080)], INK)
    for x, lean in ((980, -70), (1130, 40), (1270, 60)):
        p.line([(x, 950), (x + lean, 560)], 22, INK)
        p.line([(x + lean * .8, 640), (x + lean * 1.02, 545)], 34, RUST)
        p.line([(x + 30, 930), (x + 30 + lean * .5, 740)], 7, OCHRE)
    p.cuts(box(900, 945, 460, 120), OCHRE, 28, 60, 3, 0)
    # the keeper, back three-quarters, cap on
    p.shape([(300, 1080), (290, 820), (340, 690), (440, 640), (560, 640), (650, 700), (700, 830), (720, 1080)], INK)
    p.cuts([(320, 1070), (310, 830), (360, 710), (450, 665), (550, 665), (630, 720), (680, 840), (690, 1070)], MIST, 34, 90, 5,
           82, space=.7)
    p.rect(462, 580, 76, 80, OCHRE)
    p.disc(500, 530, 82, OCHRE, 96)
    p.shape([(412, 530), (420, 440), (500, 408), (580, 440), (588, 500), (640, 520), (588, 532)], RUST)
    p.shape([(415, 530), (420, 600), (455, 640), (470, 560), (480, 530)], INK)
    p.line([(650, 760), (780, 850), (930, 760)], 50, INK)
    p.disc(935, 755, 30, OCHRE)
    # mug and steam
    p.rect(190, 640, 60, 66, PAPER)
    p.line([(250, 655), (276, 665), (270, 690), (250, 692)], 8, PAPER)
    for i in range(3):
        p.gouge(206 + i * 14, 620, 80, -80 + i * 8, 6, PAPER)
    p.save()


def lighthouse():
    p = Print('lighthouse', DUSK, 1067, 1600)
    p.shape([(560, 372), (-10, 150), (-10, 470)], OCHRE, 5)
    p.shape([(560, 372), (1080, 190), (1080, 500)], OCHRE, 5)
    p.cuts([(520, 372), (-200, 120), (-200, 500)], PAPER, 26, 130, 7, 2)
    p.cuts([(600, 372), (1280, 130), (1280, 560)], PAPER, 26, 130, 7, -2)
    for _ in range(34):
        x, y = p.r.uniform(20, 1040), p.r.uniform(20, 900)
        if abs(y - 350) > 190 and not 420 < x < 700:
            p.gouge(x, y, 14, 0, 7, PAPER)
    p.rect(-10, 1130, 1090, 480, SEA)
    p.water(1136, 1600, PAPER, .55, 17)
    # rock
    rock = [(130, 1330), (210, 1230), (300, 1190), (360, 1120), (480, 1090), (690, 1100), (820, 1080), (900, 1160),
            (1080, 1200), (1080, 1610), (60, 1610), (170, 1450)]
    p.shape(rock, INK, 7)
    p.cuts([(210, 1340), (320, 1210), (480, 1120), (690, 1130), (820, 1110), (900, 1190), (1060, 1230), (1060, 1590),
            (160, 1590)], MIST, 44, 90, 6, 60, lambda x, y: .62)
    # cottage
    p.house(710, 1120, 240, 110, PAPER, RUST, None, False)
    p.rect(748, 1040, 40, 44, OCHRE, 1)
    p.rect(850, 1040, 40, 44, OCHRE, 1)
    # tower
    p.shape([(468, 1112), (508, 470), (612, 470), (652, 1112)], PAPER)
    p.shape([(480, 930), (488, 800), (632, 800), (640, 930)], RUST)
    p.shape([(499, 630), (504, 520), (616, 520), (621, 630)], RUST)
    p.shape([(590, 470), (612, 470), (652, 1112), (612, 1112)], INK)
    p.cuts([(540, 480), (590, 480), (614, 1105), (560, 1105)], INK, 26, 34, 4, 0)
    p.rect(530, 680, 34, 52, INK, 1)
    p.rect(528, 980, 36, 56, INK, 1)
    p.shape([(470, 474), (650, 474), (640, 446), (480, 446)], INK)
    for x in range(484, 650, 26):
        p.line([(x, 448), (x, 412)], 5, INK)
    p.line([(474, 412), (646, 412)], 6, INK)
    p.rect(516, 318, 88, 128, OCHRE)
    for x in (516, 545, 575, 604):
        p.line([(x, 318), (x, 446)], 6, INK)
    p.line([(516, 380), (604, 380)], 5, INK)
    p.shape([(496, 320), (530, 262), (552, 240), (568, 240), (590, 262), (624, 320)], RUST)
    p.line([(560, 240), (560, 196)], 6, INK)
    for i in range(17):
        p.gouge(40 + i * 11 - (i % 3) * 30, 1345 + i * 15, 150, -16 + (i % 4) * 9, 11, PAPER)
    p.save()


def lens():
    p = Print('lens', INK)
    # lantern-room astragals and the night behind them
    for x in range(-200, 1800, 260):
        p.line([(x, -20), (x + 400, 1090)], 12, DUSK)
        p.line([(x + 400, -20), (x, 1090)], 12, DUSK)
    for a in range(0, 360, 9):
        if p.r.random() < .9:
            n = p.r.uniform(150, 420)
            x, y = 800 + 400 * math.cos(math.radians(a)), 500 + 440 * math.sin(math.radians(a))
            p.gouge(x, y, n, a, 7, OCHRE)
    hull = [(560, 940), (500, 720), (490, 300), (570, 150), (700, 60), (900, 60), (1030, 150), (1110, 300), (1100, 720), (1040, 940)]
    p.shape(hull, SEA)
    # upper and lower prisms
    for i in range(6):
        y, half = 292 - i * 42, 294 - i * i * 5.2
        p.shape([(800 - half, y), (800 - half * .93, y - 28), (800 + half * .93, y - 28), (800 + half, y)] , MIST if i % 2 else PAPER)
        y, half = 730 + i * 34, 292 - i * 11
        p.shape([(800 - half, y), (800 - half * .95, y + 22), (800 + half * .95, y + 22), (800 + half, y)], PAPER if i % 2 else MIST)
    # bull's-eye
    for i, c in enumerate([MIST, SEA, PAPER, SEA, MIST, SEA, OCHRE, RUST, OCHRE]):
        p.disc(800, 512, 205 - i * 22, c)
    p.disc(800, 512, 24, PAPER)
    for x in (545, 1055):
        for y in range(330, 700, 44):
            p.shape([(x - 42, y), (x + 42, y - 6), (x + 42, y + 20), (x - 42, y + 24)], PAPER if (y // 44) % 2 else MIST)
    for x in (490, 596, 1004, 1110):
        p.line([(x, 300), (x + (800 - x) * .03, 730)], 12, OCHRE)
    p.line([(492, 302), (1108, 302)], 14, OCHRE)
    p.line([(498, 718), (1102, 718)], 14, OCHRE)
    p.line([(800, 60), (800, 300)], 8, OCHRE)
    p.line([(800, 720), (800, 940)], 8, OCHRE)
    p.rect(510, 930, 580, 34, OCHRE)
    p.shape([(620, 962), (980, 962), (1040, 1080), (560, 1080)], RUST)
    p.cuts([(630, 970), (970, 970), (1030, 1066), (570, 1066)], INK, 22, 60, 4, 90)
    p.person(330, 1050, 360, RUST, OCHRE, skirt=True)
    p.person(1290, 1050, 380, MIST, OCHRE, hat=RUST)
    p.save()


def school_gate():
    p = Print('school-gate', MIST)
    p.sky(420, PAPER, 30, 200, 7)
    # the school
    p.rect(300, 330, 1000, 420, RUST)
    p.cuts(box(310, 340, 980, 400), OCHRE, 34, 40, 3, 0, lambda x, y: .3)
    p.shape([(270, 336), (360, 230), (1240, 230), (1330, 336)], INK)
    p.cuts([(300, 330), (370, 240), (1230, 240), (1300, 330)], SEA, 24, 50, 4, 62)
    p.shape([(640, 340), (800, 160), (960, 340)], RUST)
    p.line([(628, 346), (800, 152), (972, 346)], 18, INK)
    p.rect(756, 60, 88, 110, PAPER)
    p.shape([(736, 64), (800, 6), (864, 64)], INK)
    p.shape([(780, 138), (784, 100), (800, 86), (816, 100), (820, 138)], INK)
    p.disc(800, 280, 40, PAPER)
    p.line([(800, 280), (800, 252)], 6, INK)
    p.line([(800, 280), (818, 290)], 6, INK)
    for x in (370, 500, 1020, 1150):
        p.rect(x, 420, 86, 170, PAPER)
        p.line([(x + 43, 420), (x + 43, 590)], 6, INK)
        p.line([(x, 500), (x + 86, 500)], 6, INK)
    p.shape([(720, 760)] + arc(800, 520, 80, 80, 180, 360, 8) + [(880, 760)], INK)
    p.shape([(-10, 740), (1610, 740), (1610, 1080), (-10, 1080)], OCHRE)
    p.shape([(640, 742), (960, 742), (1260, 1080), (340, 1080)], PAPER)
    p.cuts([(640, 750), (960, 750), (1220, 1066), (380, 1066)], OCHRE, 44, 90, 5, 0)
    # wall, piers, railings
    for x0, x1 in ((-10, 330), (1270, 1610)):
        p.rect(x0, 640, x1 - x0, 450, RUST)
        p.cuts(box(x0 + 4, 656, x1 - x0 - 8, 410), INK, 40, 60, 4, 0, space=.3)
        p.rect(x0, 616, x1 - x0, 34, INK)
    for x in (300, 1180):
        p.rect(x, 470, 120, 520, PAPER)
        p.cuts(box(x + 60, 480, 55, 500), INK, 20, 36, 4, 0)
        p.rect(x - 16, 440, 152, 40, INK)
        p.disc(x + 60, 396, 46, INK)
    for i in range(5):
        x = 440 + i * 26
        p.line([(x, 520 + i * 12), (x, 960 - i * 4)], 9, INK)
        x = 1160 - i * 26
        p.line([(x, 520 + i * 12), (x, 960 - i * 4)], 9, INK)
    for y in (580, 900):
        p.line([(424, y - 20), (556, y + 10)], 10, INK)
        p.line([(1176, y - 20), (1044, y + 10)], 10, INK)
    p.person(640, 900, 190, RUST, skirt=True, bag=INK)
    p.person(735, 930, 210, INK, OCHRE, bag=RUST)
    p.person(900, 990, 240, SEA, hat=RUST, bag=OCHRE)
    p.person(990, 1000, 330, INK, OCHRE, skirt=True)
    p.save()


def drifter():
    p = Print('drifter', SEA)
    p.cuts(box(-100, 0, 1800, 520), MIST, 30, 190, 6, -6, lambda x, y: .85)
    p.disc(1240, 210, 90, PAPER)
    far = [(-10, 560), (240, 510), (520, 560), (860, 520), (1200, 570), (1620, 520), (1620, 760), (-10, 760)]
    p.shape(far, MIST)
    p.cuts([(-100, 580), (240, 530), (520, 580), (860, 545), (1200, 590), (1700, 545), (1700, 740), (-100, 740)], SEA, 30, 100, 6, 4)
    p.drifter(760, 700, 1.32, INK, RUST, RUST)
    # net going over the side, corks on it
    p.shape([(560, 640), (640, 640), (420, 830), (250, 880)], OCHRE, 4)
    p.cuts([(560, 645), (635, 645), (430, 820), (270, 870)], INK, 16, 40, 3, 135)
    p.cuts([(560, 645), (635, 645), (430, 820), (270, 870)], INK, 22, 40, 3, 50)
    near = [(-10, 820), (180, 770), (420, 790), (640, 740), (900, 770), (1160, 720), (1380, 770), (1620, 740), (1620, 1080), (-10, 1080)]
    p.shape(near, DUSK)
    p.cuts([(-100, 850), (180, 800), (420, 820), (640, 770), (900, 800), (1160, 750), (1380, 800), (1700, 770), (1700, 1060),
            (-100, 1060)], PAPER, 32, 120, 7, -4, lambda x, y: .8)
    for i in range(9):
        p.disc(90 + i * 58, 905 + (i % 3) * 12 - i * 9, 15, OCHRE)
    for x, y, s in ((330, 260, 54), (470, 180, 36), (200, 380, 38), (1120, 330, 46), (1340, 420, 60), (620, 340, 28)):
        p.gull(x, y, s, PAPER)
    p.save()


def herring():
    p = Print('herring', SEA)
    p.cuts(box(-100, 0, 1800, 1067), DUSK, 54, 260, 10, -14)
    rows = 0
    for y in range(80, 1180, 186):
        rows += 1
        for x in range(-120 + (rows % 2) * 220, 1700, 440):
            a = math.radians(-14 + p.r.uniform(-4, 4))
            ca, sa = math.cos(a), math.sin(a)
            cx, cy = x + p.r.uniform(-14, 14), y + p.r.uniform(-10, 10) - (x - 800) * .05

            def q(*pts):
                return [(cx + u * ca - v * sa, cy + u * sa + v * ca) for u, v in pts]
            rust = rows == 4 and 500 < x < 1000
            belly, back = (OCHRE, RUST) if rust else (PAPER, INK)
            p.shape(q((165, -6), (225, -56), (212, 0), (228, 52)), back, 1)
            p.shape(q((-190, 4), (-140, -40), (-50, -62), (60, -48), (172, -6), (172, 8), (60, 46), (-40, 60), (-140, 40)), belly, 1)
            p.shape(q((-190, 2), (-140, -40), (-50, -62), (60, -48), (172, -6), (60, -14), (-60, -16), (-140, -8)), back, 1)
            p.shape(q((10, -58), (50, -84), (66, -50)), back, 0)
            p.line(q((-112, -38), (-98, 0), (-112, 38)), 5, back)
            p.shape(q((-156, -6), (-146, -17), (-136, -6), (-146, 5)), OCHRE if not rust else PAPER, 0)
            for u in range(-50, 90, 70):
                g = q((u, 16))[0]
                p.gouge(g[0], g[1], 50, math.degrees(a), 5, MIST if not rust else RUST)
    p.save()


def museum():
    p = Print('museum', OCHRE)
    p.sky(430, PAPER, 32, 220, 8)
    for x, r in ((120, 180), (1500, 210)):
        p.rect(x - 14, 560, 28, 330, INK)
        p.disc(x, 500, r, SEA, r * 1.1, 10)
        p.cuts(arc(x, 500, r * .92, r, 0, 345, 20), MIST, 36, 54, 6, 35)
    p.rect(250, 400, 1100, 440, MIST)
    p.cuts(box(256, 410, 174, 420), PAPER, 30, 80, 4, 0, space=.3)
    p.cuts(box(1176, 410, 170, 420), PAPER, 30, 80, 4, 0, space=.3)
    p.shape([(420, 330), (800, 150), (1180, 330)], PAPER)
    p.line([(410, 334), (800, 146), (1190, 334), (410, 334)], 20, INK)
    p.disc(800, 266, 44, RUST)
    p.shape(arc(800, 266, 26, 26, 0, 300, 6), OCHRE, 0)
    p.cuts([(520, 320), (720, 225), (720, 320)], INK, 20, 60, 4, 0)
    p.cuts([(1080, 320), (880, 225), (880, 320)], INK, 20, 60, 4, 0)
    p.rect(230, 340, 1140, 64, INK)
    p.cuts(box(240, 350, 1120, 44), MIST, 18, 40, 4, 90)
    p.rect(430, 404, 740, 436, INK)
    for x in (440, 571, 702, 832, 963, 1094):
        p.shape([(x, 836), (x + 7, 420), (x + 59, 420), (x + 66, 836)], PAPER)
        p.cuts([(x + 34, 830), (x + 34, 430), (x + 57, 430), (x + 63, 830)], INK, 13, 90, 3, 90)
        p.rect(x - 8, 404, 82, 22, PAPER, 1)
        p.rect(x - 10, 826, 86, 22, PAPER, 1)
    p.rect(764, 600, 72, 240, RUST)
    for x in (290, 1225):
        p.rect(x, 500, 90, 190, INK)
        p.rect(x + 8, 508, 34, 84, SEA, 1)
        p.rect(x + 48, 508, 34, 84, SEA, 1)
        p.rect(x + 8, 600, 34, 82, SEA, 1)
        p.rect(x + 48, 600, 34, 82, SEA, 1)
    p.shape([(642, 430), (698, 430), (698, 700), (670, 668), (642, 700)], RUST)
    p.shape([(903, 430), (959, 430), (959, 700), (931, 668), (903, 700)], RUST)
    for i, y in enumerate((846, 880, 914, 948)):
        p.rect(380 - i * 40, y, 840 + i * 80, 36, PAPER if i % 2 == 0 else MIST)
        p.line([(380 - i * 40, y + 36), (1220 + i * 40, y + 36)], 6, INK)
    p.rect(-10, 980, 1620, 100, INK)
    p.cuts(box(0, 990, 1600, 70), MIST, 24, 80, 4, 0)
    p.person(600, 985, 150, RUST, skirt=True)
    p.person(1010, 950, 140, INK, OCHRE)
    p.person(1060, 952, 90, SEA)
    p.save()


def painting():
    p = Print('painting', RUST)
    p.cuts(box(-60, 0, 1720, 860), '#a53f23', 36, 170, 7, 90)
    p.rect(-10, 850, 1620, 230, INK)
    p.cuts(box(-80, 862, 1760, 200), SEA, 30, 170, 5, 0)
    p.shape([(470, 90), (1130, 90), (1130, 800), (470, 800)], OCHRE, 4)
    p.cuts(box(476, 96, 648, 60), INK, 16, 40, 4, 90)
    p.cuts(box(476, 736, 648, 60), INK, 16, 40, 4, 90)
    p.cuts(box(476, 160, 54, 570), INK, 18, 36, 4, 0)
    p.cuts(box(1070, 160, 54, 570), INK, 18, 36, 4, 0)
    p.rect(535, 155, 530, 580, MIST)
    p.cuts(box(540, 160, 520, 240), PAPER, 24, 110, 5, 0)
    p.rect(535, 420, 530, 160, SEA)
    for y, x in ((440, 560), (462, 900), (486, 600), (520, 960), (548, 570)):
        p.gouge(x, y, 110, 0, 5, PAPER)
    p.shape([(535, 600), (700, 560), (1065, 610), (1065, 735), (535, 735)], INK)
    p.shape([(930, 432), (1010, 428), (990, 452), (940, 452)], INK, 1)
    p.shape([(968, 428), (968, 350), (1006, 420)], PAPER, 1)
    # the pilot's daughter, a lamp held up
    p.shape([(720, 735), (745, 520), (765, 452), (835, 452), (862, 540), (890, 735)], RUST)
    p.cuts([(740, 725), (760, 530), (800, 470), (840, 540), (870, 725)], PAPER, 24, 60, 4, 84)
    p.line([(838, 470), (900, 430), (912, 350)], 26, RUST)
    p.disc(798, 404, 40, PAPER, 48)
    p.shape([(752, 420), (756, 360), (796, 342), (838, 362), (842, 384), (800, 380), (776, 440), (764, 520), (744, 500)], INK)
    p.rect(890, 292, 46, 60, INK, 1)
    p.rect(898, 302, 30, 40, OCHRE, 1)
    for a in range(200, 400, 25):
        p.gouge(913 + 44 * math.cos(math.radians(a)), 320 + 44 * math.sin(math.radians(a)), 44, a, 5, OCHRE)
    p.rect(740, 812, 120, 30, PAPER, 1)
    p.person(330, 1060, 420, SEA, OCHRE, skirt=True)
    p.person(480, 1075, 400, INK, INK, hat=MIST)
    p.person(1130, 1070, 430, MIST, INK, skirt=True)
    p.person(1290, 1075, 300, OCHRE, INK)
    p.save()


def floodlights():
    p = Print('floodlights', DUSK)
    for x in (230, 1370):
        s = 1 if x < 800 else -1
        p.shape([(x, 150), (x + s * 900, 800), (x + s * 60, 800)], SEA, 6)
        p.cuts([(x, 170), (x + s * 840, 780), (x + s * 80, 780)], MIST, 34, 120, 5, 52 if s > 0 else 128)
    p.cuts(box(-100, 0, 1800, 130), SEA, 30, 160, 5, 0)
    # stand
    p.shape([(250, 520), (1350, 520), (1400, 470), (200, 470)], INK)
    p.rect(250, 516, 1100, 170, INK)
    for row in range(4):
        x = 270
        while x < 1330:
            if p.r.random() < .84:
                p.shape(arc(x, 560 + row * 34, 10, 12, 0, 300, 5), p.r.choice([PAPER, OCHRE, MIST, RUST]), 0)
            x += p.r.uniform(30, 50)
    for x in (250, 525, 800, 1075, 1350):
        p.rect(x - 6, 500, 12, 190, MIST, 1)
    p.rect(-10, 690, 1620, 400, SEA)
    p.shape([(-10, 1080), (120, 720), (1480, 720), (1610, 1080)], MIST)
    for i in range(6):
        if i % 2:
            a, b = 120 + 1360 * i / 6, 120 + 1360 * (i + 1) / 6
            p.shape([(a, 720), (b, 720), (-10 + 1620 * (i + 1) / 6, 1080), (-10 + 1620 * i / 6, 1080)], SEA)
    p.line([(-10, 1060), (110, 724), (1490, 724), (1610, 1060)], 9, PAPER)
    p.line([(800, 724), (800, 1080)], 8, PAPER)
    p.line(arc(800, 900, 210, 80, 0, 360, 28), 8, PAPER)
    for x in (230, 1370):
        p.line([(x - 34, 720), (x - 8, 200)], 9, INK)
        p.line([(x + 34, 720), (x + 8, 200)], 9, INK)
        for i in range(7):
            y, h = 660 - i * 70, 32 - i * 3.5
            p.line([(x - h, y), (x + h - 3, y - 64)], 5, INK)
            p.line([(x + h, y), (x - h + 3, y - 64)], 5, INK)
        p.rect(x - 110, 60, 220, 146, INK)
        for c in range(4):
            for q in range(3):
                p.disc(x - 78 + c * 52, 86 + q * 46, 17, OCHRE if (c + q) % 4 else PAPER)
    # players
    def player(x, y, h, shirt, lean, kick):
        p.line([(x, y - h * .45), (x - h * .12 * kick, y - h * .22), (x - h * .22 * kick, y)], h * .09, INK)
        p.line([(x, y - h * .45), (x + h * .2 * kick, y - h * .28), (x + h * .34 * kick, y - h * .08)], h * .09, INK)
        p.shape([(x - h * .12, y - h * .42), (x - h * .12 + lean, y - h * .8), (x + h * .12 + lean, y - h * .8), (x + h * .12, y - h * .42)], shirt)
        p.line([(x + lean - h * .1, y - h * .76), (x + lean - h * .3, y - h * .56)], h * .075, shirt)
        p.line([(x + lean + h * .1, y - h * .76), (x + lean + h * .32, y - h * .66)], h * .075, shirt)
        p.disc(x + lean * 1.3, y - h * .9, h * .075, PAPER, h * .09)
    player(640, 1010, 330, RUST, 14, 1)
    player(930, 960, 290, INK, -16, -1)
    player(1180, 860, 190, RUST, -8, -1)
    player(380, 850, 180, INK, 8, 1)
    p.disc(790, 992, 28, PAPER)
    p.disc(790, 992, 9, INK)
    p.save()


def bakery():
    p = Print('bakery', DUSK)
    p.cuts(box(-60, 0, 1720, 190), INK, 46, 120, 7, 0, None, .25)
    for x in (-60, 1430):
        p.cuts(box(x, 190, 230, 720), INK, 46, 100, 7, 0, None, .25)
    p.rect(170, 190, 1260, 720, INK)
    p.rect(200, 220, 1200, 110, RUST)
    # a painted wheatsheaf where other shops have a name
    for i in range(-5, 6):
        p.gouge(800, 322, 92, -90 + i * 11, 6, OCHRE)
    p.gouge(752, 298, 96, 0, 8, PAPER)
    for x in (420, 1130):
        for i in range(5):
            p.gouge(x - 110 + i * 54, 276 - (i % 2) * 6, 44, -14, 9, OCHRE)
    # striped awning
    n = 12
    for i in range(n):
        a, b = 200 + 1200 * i / n, 200 + 1200 * (i + 1) / n
        a2, b2 = 140 + 1320 * i / n, 140 + 1320 * (i + 1) / n
        c = PAPER if i % 2 else RUST
        p.shape([(a, 336), (b, 336), (b2, 460), ((a2 + b2) / 2, 496), (a2, 460)], c)
    p.rect(230, 470, 760, 350, OCHRE)
    p.cuts(box(236, 500, 748, 100), PAPER, 26, 120, 7, 0)
    # shelves
    for y in (590, 700, 806):
        p.rect(230, y, 760, 16, INK)
    for i in range(6):
        x = 270 + i * 122
        p.shape([(x, 590)] + arc(x + 44, 562, 46, 32, 180, 360, 8) + [(x + 90, 590)], RUST, 2)
        for k in (-16, 4, 24):
            p.gouge(x + 40 + k, 574, 32, -62, 6, PAPER)
    for i in range(8):
        x = 262 + i * 92
        p.disc(x + 30, 676, 34, RUST, 26)
        p.gouge(x + 14, 666, 34, 0, 6, PAPER)
    for i in range(5):
        x = 262 + i * 146
        p.shape([(x, 806), (x + 6, 750), (x + 34, 736), (x + 84, 736), (x + 112, 750), (x + 118, 806)], RUST)
        p.line([(x + 8, 756), (x + 110, 756)], 5, PAPER)
    # the baker behind the glass
    p.person(900, 704, 230, PAPER, PAPER, hat=PAPER)
    p.rect(858, 704, 100, 14, INK)
    for x in (420, 610, 800):
        p.rect(x, 480, 10, 340, INK)
    p.rect(215, 820, 790, 90, SEA)
    p.cuts(box(225, 828, 770, 74), MIST, 24, 70, 4, 90)
    # door
    p.rect(1060, 480, 300, 430, SEA)
    p.rect(1100, 520, 220, 230, OCHRE)
    p.line([(1210, 520), (1210, 750)], 10, INK)
    p.rect(1130, 560, 60, 40, PAPER, 1)
    p.disc(1330, 740, 12, OCHRE)
    p.rect(1040, 900, 340, 30, PAPER)
    p.rect(-10, 920, 1620, 170, INK)
    p.shape([(230, 930), (990, 930), (1080, 1070), (120, 1070)], DUSK)
    for y in range(945, 1060, 30):
        x = -20 + (y % 60)
        while x < 1600:
            lit = 160 < x < 1040
            p.gouge(x, y, 52, 0, 11, OCHRE if lit and p.r.random() < .6 else SEA)
            x += 78
    p.person(1480, 1000, 330, RUST, OCHRE, skirt=True, bag=OCHRE)
    p.person(100, 1010, 300, MIST, OCHRE, hat=INK)
    p.save()


def oven():
    p = Print('oven', INK)
    p.cuts(box(-60, 0, 1720, 800), DUSK, 62, 120, 10, 0, space=.2)
    p.shape([(520, 820), (520, 420)] + arc(940, 420, 420, 330, 180, 360, 20) + [(1360, 820)], RUST, 4)
    for i in range(15):
        a = 186 + i * 12
        p.line([(940 + 290 * math.cos(math.radians(a)), 440 + 225 * math.sin(math.radians(a))),
                (940 + 414 * math.cos(math.radians(a)), 420 + 324 * math.sin(math.radians(a)))], 9, INK)
    for x in (530, 1240):
        for y in range(470, 810, 62):
            p.line([(x, y), (x + 112, y)], 8, INK)
    p.shape([(650, 760), (650, 470)] + arc(940, 470, 290, 240, 180, 360, 18) + [(1230, 760)], OCHRE, 3)
    p.cuts([(670, 740), (670, 470)] + arc(940, 470, 270, 220, 180, 360, 18) + [(1210, 740)], PAPER, 32, 110, 9, 0, lambda x, y: .8)
    for i in range(7):
        p.gouge(720 + i * 66, 700, 150 + (i % 3) * 40, -84 + i * 3, 20, RUST)
    for x in (730, 880, 1040):
        p.shape([(x, 752)] + arc(x + 56, 726, 58, 40, 180, 360, 8) + [(x + 114, 752)], INK)
        p.gouge(x + 30, 720, 60, -30, 7, OCHRE)
    p.rect(480, 756, 920, 70, MIST)
    p.cuts(box(490, 764, 900, 54), INK, 24, 110, 5, 0)
    p.rect(-10, 822, 1620, 260, SEA)
    p.cuts(box(-60, 832, 1720, 240), INK, 40, 150, 8, 0)
    p.shape([(560, 830), (1320, 830), (1460, 1080), (420, 1080)], OCHRE, 6)
    p.cuts([(560, 840), (1320, 840), (1440, 1066), (440, 1066)], RUST, 36, 150, 8, 0)
    # baker with a peel
    p.line([(250, 690), (800, 744)], 16, PAPER)
    p.shape([(770, 722), (960, 738), (960, 766), (770, 762)], PAPER)
    p.shape([(180, 1080), (190, 760), (230, 560), (300, 500), (400, 500), (460, 580), (480, 760), (500, 1080)], PAPER)
    p.cuts([(200, 1070), (210, 770), (250, 580), (310, 520), (360, 520), (360, 1070)], MIST, 30, 90, 7, 88)
    p.line([(430, 570), (500, 690), (430, 716)], 54, PAPER)
    p.disc(436, 716, 30, OCHRE)
    p.rect(318, 440, 70, 80, OCHRE)
    p.disc(364, 400, 74, OCHRE, 84)
    p.shape([(282, 392), (280, 330), (300, 290), (350, 268), (420, 280), (450, 320), (440, 366), (300, 400)], PAPER)
    p.shape([(284, 396), (294, 470), (330, 480), (330, 400)], INK)
    # rack
    for y in (300, 470, 640):
        p.rect(1400, y, 220, 14, OCHRE)
        for x in (1420, 1520):
            p.shape([(x, y)] + arc(x + 38, y - 22, 40, 34, 180, 360, 7) + [(x + 76, y)], RUST)
    p.rect(1396, 180, 14, 640, OCHRE)
    p.save()


def flood_wall():
    p = Print('flood-wall', MIST)
    p.cuts(box(-100, 0, 1800, 420), PAPER, 30, 190, 7, -4, lambda x, y: .8)
    # the town, below the water
    p.terrace(960, 1640, 900, 200, 300, [RUST, OCHRE, PAPER, RUST], INK, INK)
    p.rect(900, 892, 720, 190, INK)
    p.cuts(box(910, 902, 690, 160), SEA, 26, 70, 6, 0, space=.3)
    # the sea
    sea = [(-10, 560), (160, 520), (330, 570), (500, 510), (640, 560), (760, 470), (790, 1080), (-10, 1080)]
    p.shape(sea, SEA)
    p.cuts([(-100, 600), (160, 555), (330, 605), (500, 545), (640, 595), (750, 520), (770, 1070), (-100, 1070)], PAPER, 34, 110, 7, -3)
    p.shape([(470, 590), (560, 540), (640, 470), (700, 420), (742, 350), (770, 400), (796, 350), (806, 430), (786, 470), (730, 500), (690, 560), (620, 600)], PAPER, 6)
    for a, x, y in ((-70, 720, 400), (-50, 770, 390), (-30, 800, 400), (-95, 680, 420), (-40, 790, 350), (-80, 740, 340), (-60, 690, 370)):
        p.gouge(x, y, 60, a, 8, PAPER)
    # the wall in section, and its footing
    p.shape([(770, 1080), (784, 452), (900, 452), (960, 1080)], PAPER)
    p.shape([(850, 1080), (850, 452), (900, 452), (960, 1080)], OCHRE)
    p.cuts([(778, 1070), (790, 470), (846, 470), (846, 1070)], INK, 40, 46, 4, 0, space=.2)
    p.cuts([(856, 1070), (856, 470), (896, 470), (950, 1070)], INK, 24, 50, 4, 70)
    p.rect(760, 420, 168, 40, INK)
    p.person(846, 422, 220, RUST, OCHRE)
    p.line([(868, 256), (892, 120)], 6, INK)
    p.shape([(770, 150), (800, 90), (870, 58), (960, 76), (1010, 140), (960, 128), (925, 150), (880, 124), (830, 152)], INK)
    for x, y, s in ((240, 300, 40), (420, 220, 28), (1230, 180, 34)):
        p.gull(x, y, s, INK)
    p.person(1180, 1010, 170, OCHRE, skirt=True, bag=RUST)
    p.person(1420, 1020, 150, MIST)
    p.save()


def storm():
    p = Print('storm', INK)
    p.cuts(box(-200, -20, 2000, 640), DUSK, 42, 260, 11, -12)
    p.cuts(box(-200, -20, 2000, 420), SEA, 90, 180, 7, -12)
    # mole and its light
    p.shape([(880, 700), (1620, 660), (1620, 840), (860, 860)], RUST)
    p.cuts([(900, 712), (1610, 680), (1610, 820), (880, 845)], INK, 32, 70, 5, -3, space=.2)
    p.shape([(860, 706), (1620, 656), (1620, 680), (860, 732)], PAPER)
    p.shape([(1230, 690), (1246, 480), (1304, 480), (1322, 684)], PAPER)
    p.shape([(1239, 590), (1243, 530), (1309, 530), (1314, 590)], RUST)
    p.rect(1236, 462, 78, 22, PAPER, 1)
    p.rect(1252, 412, 46, 52, OCHRE, 1)
    p.shape([(1240, 416), (1275, 374), (1310, 416)], RUST, 1)
    p.shape([(1300, 430), (1620, 380), (1620, 470), (1300, 446)], OCHRE)
    # the sea thrown up against it
    for cx, top, half in ((520, 420, 130), (640, 230, 120), (760, 130, 120), (880, 250, 125), (990, 430, 140), (1090, 600, 110), (430, 600, 110)):
        lean = (cx - 750) * .35
        plume = [(cx - half - lean * .8, 900), (cx - half * .8, top + 190), (cx - half * .62 + lean * .4, top + 70)]
        plume += arc(cx + lean, top + 50, half * .55, 54, 180, 360, 7)
        plume += [(cx + half * .7 + lean * .3, top + 120), (cx + half, top + 260), (cx + half - lean * .5, 900)]
        p.shape(plume, PAPER, 7)
        for i in range(6):
            t = (i - 2.5) / 3
            p.gouge(cx + t * half * .9 - lean * .4, 860 - p.r.uniform(0, 160), p.r.uniform(160, 300), -90 + t * 14 + lean * .1, 7,
                    SEA if i % 3 else MIST)
            p.gouge(cx + t * half * .6 + lean * .7, top + 130 + p.r.uniform(-40, 90), p.r.uniform(50, 100), -90 + t * 26 + lean * .12, 6, SEA)
    for _ in range(30):
        a = math.radians(p.r.uniform(-150, -30))
        d = p.r.uniform(520, 790)
        p.gouge(750 + d * .9 * math.cos(a), 880 + d * math.sin(a), 22, math.degrees(a), 14, PAPER)
    w1 = [(-10, 760), (150, 700), (320, 760), (460, 830), (640, 800), (800, 860), (1000, 810), (1250, 880), (1620, 800), (1620, 1080), (-10, 1080)]
    p.shape(w1, SEA, 5)
    p.cuts([(-100, 790), (150, 730), (320, 790), (460, 860), (640, 830), (800, 890), (1000, 845), (1250, 910), (1700, 835), (1700, 1070),
            (-100, 1070)], PAPER, 42, 130, 9, 8, lambda x, y: .75)
    p.shape([(-10, 960), (260, 900), (520, 990), (820, 950), (1180, 1010), (1620, 940), (1620, 1080), (-10, 1080)], DUSK, 5)
    p.cuts([(-100, 1000), (260, 940), (520, 1020), (820, 985), (1180, 1040), (1700, 980), (1700, 1075), (-100, 1075)], MIST, 28, 120, 7, 3)
    p.save()


def allotments():
    p = Print('allotments', MIST)
    p.sky(330, PAPER, 30, 200, 7)
    p.disc(1290, 170, 84, OCHRE)
    p.terrace(-20, 1640, 440, 50, 100, [SEA, RUST, SEA, OCHRE], INK, PAPER)
    p.rect(-10, 432, 1620, 650, OCHRE)
    for x in range(-10, 1620, 44):
        p.rect(x, 380, 26, 74, INK, 1)
    p.rect(-10, 400, 1620, 12, INK)
    # beds running to a point
    for i in range(-7, 8):
        if i % 2:
            continue
        a, b = 800 + i * 92, 800 + (i + 1) * 92
        c, d = 800 + i * 250, 800 + (i + 1) * 250
        p.shape([(a, 456), (b, 456), (d, 1080), (c, 1080)], INK, 4)
    for i in (-6, -4, -2, 0, 2, 4, 6):
        for t in (.06, .2, .38, .62, .92):
            x = 800 + (i + .5) * (92 + 158 * t)
            if not -60 < x < 1660 or (x > 1080 and t < .5 and x < 1500):
                continue
            y, r = 456 + 620 * t, 20 + 62 * t
            if i in (-4, 0, 4):  # cabbages
                p.disc(x, y, r, SEA, r * .72)
                p.disc(x, y - r * .08, r * .55, MIST, r * .4)
                for a in range(0, 360, 60):
                    p.gouge(x + r * .5 * math.cos(math.radians(a)), y + r * .36 * math.sin(math.radians(a)), r * .42, a, 4, MIST)
            else:  # leeks
                for k in (-50, -18, 18, 50):
                    p.gouge(x, y + r * .3, r * 1.5, -90 + k, r * .17, SEA if k % 4 else MIST)
                p.rect(x - r * .1, y, r * .2, r * .45, PAPER, 1)
    # bean poles
    for x in (110, 230, 350):
        p.line([(x - 60, 760), (x + 14, 330)], 9, RUST)
        p.line([(x + 60, 760), (x - 14, 330)], 9, RUST)
        for k in range(7):
            p.gouge(x - 50 + k * 9, 730 - k * 56, 50, -30 + (k % 2) * 200, 14, SEA)
    p.line([(80, 352), (380, 352)], 9, RUST)
    # shed
    p.rect(1180, 360, 330, 300, RUST)
    p.cuts(box(1186, 380, 318, 274), INK, 36, 150, 4, 90, space=.1)
    p.shape([(1150, 366), (1345, 250), (1540, 366)], INK)
    p.cuts([(1180, 360), (1345, 264), (1510, 360)], MIST, 22, 60, 4, 0)
    p.rect(1300, 450, 100, 210, INK)
    p.rect(1210, 450, 62, 62, PAPER, 1)
    p.line([(1241, 450), (1241, 512)], 5, INK)
    # gardener, bent to it
    p.shape([(560, 800), (575, 660), (610, 620), (650, 660), (640, 800)], INK)
    p.shape([(575, 670), (590, 580), (660, 540), (740, 560), (770, 600), (700, 620), (650, 680)], RUST)
    p.line([(720, 580), (748, 700)], 26, RUST)
    p.disc(782, 560, 30, PAPER, 34)
    p.shape([(746, 546), (770, 512), (806, 520), (824, 548)], OCHRE)
    p.line([(700, 560), (800, 800)], 10, INK)
    p.save()


def council():
    p = Print('council', RUST)
    p.cuts(box(-60, 0, 1720, 640), '#a53f23', 48, 150, 7, 90, lambda x, y: .8)
    for x in (150, 470, 1010, 1330):
        p.shape([(x, 520), (x, 180)] + arc(x + 60, 180, 60, 70, 180, 360, 10) + [(x + 120, 520)], MIST)
        p.cuts(box(x + 4, 180, 112, 330), PAPER, 28, 60, 6, 0)
        p.line([(x + 60, 112), (x + 60, 520)], 8, INK)
        p.line([(x, 250), (x + 120, 250)], 8, INK)
        p.line([(x, 380), (x + 120, 380)], 8, INK)
    # dais
    p.shape([(700, 560), (700, 220)] + arc(800, 220, 100, 120, 180, 360, 12) + [(900, 560)], INK)
    p.disc(800, 240, 56, OCHRE)
    p.gouge(762, 250, 76, 0, 10, INK)
    p.gouge(800, 204, 60, 90, 8, INK)
    p.person(800, 610, 250, INK, PAPER)
    p.line([(764, 420), (800, 480), (836, 420)], 12, OCHRE)
    p.rect(560, 530, 480, 120, OCHRE)
    p.cuts(box(566, 540, 468, 104), INK, 30, 70, 5, 90)
    p.rect(545, 512, 510, 26, INK)
    # chandelier
    p.line([(800, -10), (800, 60)], 6, INK)
    p.rect(-10, 640, 1620, 440, SEA)
    p.cuts(box(-60, 650, 1720, 420), DUSK, 42, 180, 7, 0)
    # curved benches with heads
    for ring, (ry, rx, y0, n) in enumerate(((150, 470, 660, 9), (270, 740, 720, 12))):
        outer = arc(800, y0, rx, ry, 178, 2, 24)
        inner = arc(800, y0 - 50, rx * .93, ry * .8, 2, 178, 24)
        for i in range(n):
            a = math.radians(170 - 160 * i / (n - 1))
            x, y = 800 + rx * .97 * math.cos(a), y0 + ry * .92 * math.sin(a)
            s = 1 + ring * .35
            p.shape([(x - 50 * s, y + 26), (x - 44 * s, y - 40 * s), (x - 16 * s, y - 62 * s), (x + 16 * s, y - 62 * s),
                     (x + 44 * s, y - 40 * s), (x + 50 * s, y + 26)], [INK, MIST, INK, OCHRE, INK, RUST][(i * 5 + ring) % 6])
            p.disc(x, y - 86 * s, 26 * s, PAPER if (i + ring) % 3 else OCHRE, 31 * s)
            if i % 4 == 1:
                p.line([(x + 34 * s, y - 30 * s), (x + 52 * s, y - 130 * s)], 16 * s, [INK, MIST, INK, OCHRE, INK, RUST][(i * 5 + ring) % 6])
        p.shape([(x, y - 6) for x, y in outer] + [(x, y + 96) for x, y in reversed(outer)], OCHRE if ring == 0 else INK, 3)
        p.shape([(x, y - 14) for x, y in outer] + [(x, y + 12) for x, y in reversed(outer)], INK if ring == 0 else OCHRE, 2)
    p.save()


def market():
    p = Print('market', OCHRE)
    # iron and glass
    for i, (r, c) in enumerate(((760, INK), (730, MIST))):
        p.shape([(800 - r, 640)] + arc(800, 640, r, r * .8, 180, 360, 26) + [(800 + r, 640)], c, 2)
    p.cuts([(90, 640)] + arc(800, 640, 700, 556, 180, 360, 26) + [(1510, 640)], PAPER, 34, 120, 8, 0, lambda x, y: .75)
    for a in range(190, 360, 17):
        p.line([(800 + 200 * math.cos(math.radians(a)), 640 + 160 * math.sin(math.radians(a))),
                (800 + 740 * math.cos(math.radians(a)), 640 + 590 * math.sin(math.radians(a)))], 9, INK)
    for r in (200, 380, 560):
        p.line(arc(800, 640, r, r * .8, 180, 360, 24), 9, INK)
    p.disc(800, 560, 92, INK)
    p.disc(800, 560, 76, PAPER)
    p.line([(800, 560), (800, 504)], 9, INK)
    p.line([(800, 560), (838, 584)], 9, INK)
    p.rect(-10, 640, 1620, 440, INK)
    p.rect(-10, 630, 1620, 26, RUST)
    for x in (90, 500, 1080, 1490):
        p.rect(x, 640, 28, 330, MIST)
        p.line([(x + 14, 720), (x + 74, 656)], 9, MIST)
        p.line([(x + 14, 720), (x - 46, 656)], 9, MIST)
    # stalls
    for k, (x, c) in enumerate(((150, RUST), (610, SEA), (1130, RUST))):
        for i in range(7):
            a = x + i * 50
            p.shape([(a + 8, 730), (a + 58, 730), (a + 50, 800), (a + 25, 818), (a, 800)], PAPER if i % 2 else c, 1)
        p.rect(x + 10, 900, 330, 26, OCHRE)
        p.rect(x + 20, 926, 310, 120, DUSK)
        p.cuts(box(x + 24, 930, 302, 112), MIST, 26, 60, 4, 90)
        if k == 1:
            for i in range(5):
                p.gouge(x + 24 + i * 62, 892, 78, -16, 16, PAPER)
                p.gouge(x + 90 + i * 62, 880, 16, -60, 10, PAPER)
        elif k == 0:
            for i in range(7):
                p.disc(x + 44 + i * 44, 880, 22, OCHRE if i % 2 else RUST)
        else:
            for i in range(4):
                p.shape([(x + 24 + i * 78, 900)] + arc(x + 60 + i * 78, 876, 36, 28, 180, 360, 7) + [(x + 96 + i * 78, 900)], OCHRE)
    p.person(330, 902, 190, PAPER, PAPER)
    p.person(700, 902, 190, MIST, PAPER, hat=PAPER)
    p.person(1230, 902, 190, RUST, PAPER)
    p.person(560, 1062, 290, RUST, OCHRE, skirt=True, bag=OCHRE)
    p.person(1040, 1066, 300, MIST, OCHRE, hat=RUST)
    p.person(1110, 1068, 180, OCHRE, PAPER)
    p.save()


def rain():
    p = Print('rain', DUSK)
    p.cuts(box(-60, 0, 1720, 420), INK, 36, 170, 8, 100)
    # the two sides of the street
    for side in (0, 1):
        for i in range(5):
            near, far = 1 - i * .19, 1 - (i + 1) * .19
            xs = [800 - 800 * near - 40, 800 - 800 * far - 40]
            h0, h1 = 60 + 330 * (1 - near), 60 + 330 * (1 - far)
            b0, b1 = 560 + 420 * near, 560 + 420 * far
            pts = [(xs[0], h0 + (i % 2) * 40), ((xs[0] + xs[1]) / 2, h0 - 34 + (i % 2) * 30), (xs[1], h1), (xs[1], b1), (xs[0], b0)]
            if side:
                pts = [(1600 - x, y) for x, y in pts]
            c = [INK, SEA, RUST, INK, SEA][(i + side * 2) % 5]
            p.shape(pts, c)
            for q in (.3, .52, .74):
                t = .5
                x = xs[0] + (xs[1] - xs[0]) * t
                y = h0 + (b0 - h0) * q
                w, hh = 26 * near + 8, 74 * near
                if p.r.random() < .62:
                    p.shape(box((1600 - x - w) if side else x, y, w, hh), OCHRE, 1)
    street = [(-20, 1080), (-20, 985), (745, 580), (855, 580), (1620, 985), (1620, 1080)]
    p.shape(street, INK)
    y, k = 596, .3
    while y < 1075:
        half = 60 + (y - 580) * 1.9
        x = 800 - half + p.r.uniform(0, 40 * k)
        while x < 800 + half - 60 * k:
            d = abs(x - 690) / (120 + 190 * k)
            p.shape(arc(x + 30 * k, y, 33 * k, 13 * k, 0, 300, 5), OCHRE if p.r.random() > d + .1 else (MIST if p.r.random() < .35 else SEA), 0)
            x += 80 * k
        y += 31 * k
        k *= 1.11
    # lamp
    p.line([(560, 900), (560, 330)], 14, INK)
    p.line([(560, 345), (640, 320), (660, 350)], 10, INK)
    p.shape([(636, 350), (684, 350), (676, 420), (644, 420)], OCHRE, 1)
    p.shape([(626, 352), (660, 322), (694, 352)], INK, 1)
    for a in range(0, 360, 24):
        p.gouge(660 + 60 * math.cos(math.radians(a)), 386 + 60 * math.sin(math.radians(a)), 64, a, 6, OCHRE)
    # someone going home
    p.shape([(880, 980), (890, 720), (930, 640), (1010, 640), (1050, 720), (1070, 980)], RUST)
    p.cuts([(900, 970), (910, 730), (970, 660), (1030, 730), (1050, 970)], INK, 28, 80, 5, 86)
    p.line([(920, 980), (915, 1040)], 26, PAPER)
    p.line([(1020, 980), (1030, 1040)], 26, PAPER)
    p.line([(975, 690), (975, 480)], 9, PAPER)
    p.shape([(770, 600)] + arc(975, 600, 205, 190, 180, 360, 14) + [(1180, 600), (1110, 572), (1045, 604), (975, 574), (905, 604), (840, 572)], PAPER)
    p.line([(975, 412), (905, 600)], 6, INK)
    p.line([(975, 412), (1045, 600)], 6, INK)
    p.rain(MIST, 60, None, 84, 103, 3)
    p.save()


def library():
    p = Print('library', INK)
    inks = [RUST, OCHRE, MIST, SEA, PAPER, SEA, RUST, MIST]
    for side in (0, 1):
        for shelf in range(5):
            y = 60 + shelf * 168
            x = 40 if side == 0 else 1080
            end = x + 480
            p.rect(x - 14, y + 140, 508, 18, OCHRE)
            while x < end - 30:
                w, h = p.r.uniform(20, 46), p.r.uniform(92, 134)
                c = p.r.choice(inks)
                p.rect(x, y + 140 - h, w - 4, h, c, 1)
                if w > 34:
                    p.rect(x + 6, y + 158 - h, w - 16, 10, INK, 0)
                x += w
    p.shape([(590, 900), (590, 260)] + arc(800, 260, 210, 190, 180, 360, 16) + [(1010, 900)], MIST)
    p.cuts([(600, 890), (600, 260)] + arc(800, 260, 200, 180, 180, 360, 16) + [(1000, 890)], PAPER, 30, 90, 7, -30)
    p.line([(800, 70), (800, 700)], 12, INK)
    for y in (250, 440, 620):
        p.line([(590, y), (1010, y)], 12, INK)
    # ladder
    p.line([(330, 960), (470, 90)], 14, PAPER)
    p.line([(420, 960), (550, 90)], 14, PAPER)
    for i in range(9):
        y = 900 - i * 94
        p.line([(340 + i * 15, y), (430 + i * 14, y)], 10, PAPER)
    p.rect(-10, 900, 1620, 180, SEA)
    p.cuts(box(-60, 912, 1720, 160), INK, 30, 160, 6, 0)
    # reader at the table with a ledger under a lamp
    p.shape([(700, 860), (710, 700), (750, 630), (850, 630), (900, 700), (910, 860)], RUST)
    p.cuts([(716, 850), (726, 710), (760, 650), (840, 650), (880, 710), (890, 850)], INK, 26, 60, 5, 80)
    p.disc(806, 576, 50, OCHRE, 58)
    p.shape([(752, 580), (756, 528), (806, 508), (860, 534), (862, 566), (810, 548), (770, 600)], INK)
    p.rect(520, 846, 580, 34, OCHRE)
    p.rect(560, 880, 30, 200, OCHRE)
    p.rect(1030, 880, 30, 200, OCHRE)
    p.shape([(680, 846), (690, 812), (800, 830), (910, 812), (924, 846)], PAPER)
    for k in (706, 820):
        p.gouge(k, 828, 76, 8 if k < 800 else -8, 5, INK)
    p.line([(1010, 846), (1010, 740), (960, 690)], 10, OCHRE)
    p.shape([(900, 720), (930, 660), (990, 650), (1010, 700)], RUST)
    for i in range(5):
        p.gouge(930 - i * 14, 728 + i * 3, 74, 100 + i * 12, 7, OCHRE)
    p.save()


def bus_stop():
    p = Print('bus-stop', SEA)
    p.cuts(box(-60, 0, 1720, 520), DUSK, 42, 230, 9, -3)
    p.terrace(-20, 1640, 700, 110, 230, [DUSK, INK, DUSK], INK, OCHRE)
    p.rect(-10, 694, 1620, 390, INK)
    p.cuts(box(-80, 704, 1760, 360), SEA, 34, 150, 6, 0, lambda x, y: .7)
    # bus
    p.shape([(960, 840), (966, 360), (1000, 320), (1620, 320), (1620, 840)], RUST)
    p.rect(990, 380, 190, 190, OCHRE)
    for x in (1230, 1400, 1560):
        p.rect(x, 380, 140, 170, OCHRE)
        p.person(x + 60, 590, 170, INK, INK)
    p.rect(1226, 548, 394, 44, RUST)
    p.person(1080, 640, 220, INK, INK, hat=INK)
    p.shape([(968, 570), (1190, 570), (1190, 640), (966, 640)], RUST)
    p.rect(1000, 332, 170, 36, INK)
    for i in range(5):
        p.gouge(1014 + i * 30, 350, 22, 0, 6, OCHRE)
    p.rect(960, 640, 660, 26, PAPER)
    p.disc(1010, 730, 34, PAPER)
    p.disc(1130, 730, 34, PAPER)
    p.rect(950, 790, 670, 44, INK)
    p.disc(1330, 840, 84, INK)
    p.disc(1330, 840, 40, MIST)
    for y, n in ((720, 330), (746, 400), (776, 300), (806, 250)):
        p.gouge(960 - n, y, n, 0, 10, OCHRE)
    # shelter and pole
    p.rect(130, 330, 22, 570, INK)
    p.rect(640, 330, 22, 570, INK)
    p.rect(150, 360, 500, 400, MIST)
    p.cuts(box(156, 366, 488, 390), PAPER, 34, 100, 7, 60)
    p.shape([(90, 340), (120, 290), (690, 290), (720, 340)], INK)
    p.rect(180, 740, 430, 24, OCHRE)
    p.person(300, 910, 400, RUST, OCHRE, skirt=True, bag=INK)
    p.person(440, 915, 440, INK, OCHRE, hat=RUST)
    p.person(555, 915, 250, OCHRE, PAPER, bag=RUST)
    p.rect(800, 300, 16, 640, PAPER)
    p.disc(808, 290, 66, PAPER)
    p.disc(808, 290, 50, RUST)
    p.gouge(768, 290, 80, 0, 14, PAPER)
    p.rect(770, 480, 76, 110, PAPER, 1)
    for y in range(500, 580, 18):
        p.line([(780, y), (836, y)], 5, INK)
    p.rect(-10, 900, 1620, 26, PAPER)
    p.rain(MIST, 56, None, 80, 100, 3)
    p.save()


def choir():
    p = Print('choir', DUSK)
    for i in range(-4, 5):
        x = 800 + i * 200
        p.shape([(x - 80, 420), (x - 80, 170)] + arc(x, 170, 80, 110, 180, 360, 10) + [(x + 80, 420)], SEA if i % 2 else RUST)
        p.line([(x, 70), (x, 420)], 8, INK)
        p.cuts(box(x - 74, 120, 148, 290), OCHRE, 62, 90, 9, 60)
    p.rect(-10, 420, 1620, 670, INK)
    for row, (y, h, n, off) in enumerate(((760, 420, 8, 0), (910, 470, 7, 90), (1100, 540, 6, 10))):
        for i in range(n):
            x = off + 1600 * (i + .5) / n - (60 if row == 1 else 0)
            s = h / 420
            c = [RUST, MIST, OCHRE, SEA][(i + row * 2) % 4]
            t = p.r.uniform(-12, 12)
            p.shape([(x - 84 * s, y), (x - 80 * s, y - 190 * s), (x - 44 * s, y - 240 * s), (x + 44 * s, y - 240 * s),
                     (x + 80 * s, y - 190 * s), (x + 84 * s, y)], c)
            p.line([(x - 80 * s, y), (x - 76 * s, y - 190 * s)], 7, INK)
            p.shape([(x - 26 * s, y - 242 * s), (x, y - 196 * s), (x + 26 * s, y - 242 * s)], PAPER, 1)
            hx, hy = x + t, y - 292 * s
            hair = [INK, RUST, INK, MIST, INK][(i * 3 + row) % 5]
            hair = INK if hair == c else hair
            if i % 2:
                p.disc(hx, hy - 20 * s, 51 * s, hair, 50 * s, 0)
            else:
                p.shape([(hx - 50 * s, hy + 44 * s)] + arc(hx, hy - 10 * s, 52 * s, 58 * s, 180, 360, 8) + [(hx + 50 * s, hy + 44 * s)], hair, 0)
            p.disc(hx, hy + 10 * s, 40 * s, [PAPER, OCHRE][(i + row) % 3 == 1 and c != OCHRE], 46 * s, 0)
            p.shape(arc(hx, hy + 29 * s, 9 * s, 12 * s, 0, 320, 7), INK, 0)
            for e in (-17, 17):
                p.line([(hx + (e - 9) * s, hy - 4 * s), (hx + e * s, hy - 9 * s), (hx + (e + 9) * s, hy - 4 * s)], 5, INK)
            if row != 1 or i % 2:
                p.shape([(x - 58 * s, y - 150 * s), (x, y - 128 * s), (x + 58 * s, y - 150 * s), (x + 58 * s, y - 90 * s), (x, y - 68 * s),
                         (x - 58 * s, y - 90 * s)], PAPER)
                p.line([(x, y - 128 * s), (x, y - 68 * s)], 5, INK)
    p.save()


def island():
    p = Print('island', PAPER)
    p.sky(520, MIST, 32, 230, 9)
    p.shape([(180, 640), (300, 560), (430, 520), (560, 430), (700, 390), (830, 330), (960, 350), (1080, 430), (1240, 470), (1380, 560), (1560, 640)], SEA, 5)
    p.cuts([(230, 632), (430, 545), (560, 455), (700, 415), (830, 355), (960, 375), (1080, 455), (1240, 495), (1500, 632)], MIST, 28, 60, 5, 24)
    p.cuts([(240, 632), (430, 600), (700, 560), (1000, 560), (1240, 590), (1480, 632)], OCHRE, 26, 80, 6, 4)
    for x, w in ((470, 60), (600, 70), (720, 56), (930, 74), (1090, 60), (1210, 56)):
        p.house(x, 628 - (x % 5) * 6, w, 40, PAPER, RUST if x % 4 else INK, None, True)
        p.rect(x + w * .4, 600 - (x % 5) * 6, 11, 16, INK, 0)
    p.rect(-10, 632, 1620, 450, SEA)
    p.water(638, 1067, PAPER, .58, 16)
    # small boat on its way, loaded
    p.line([(960, 720), (962, 610)], 6, INK)
    for x, y, w, h, c in ((880, 676, 56, 40, OCHRE), (930, 668, 40, 48, RUST), (1000, 676, 60, 40, PAPER), (886, 644, 40, 32, PAPER)):
        p.rect(x, y, w, h, c, 1)
    p.person(1080, 722, 92, RUST)
    p.shape([(820, 704), (1130, 704), (1160, 690), (1120, 764), (850, 764)], INK)
    p.gouge(790, 774, 380, 0, 9, PAPER)
    # jetty, and someone waiting on it
    p.shape([(-10, 830), (520, 800), (560, 826), (-10, 880)], INK)
    p.cuts([(-100, 842), (510, 806), (548, 824), (-100, 872)], OCHRE, 12, 46, 3, -4)
    for x in (60, 180, 300, 420, 520):
        p.rect(x, 826, 22, 190 - x * .12, INK)
    p.person(330, 832, 250, RUST, OCHRE, skirt=True)
    p.person(420, 824, 150, OCHRE)
    p.rect(190, 780, 90, 64, PAPER)
    p.line([(190, 812), (280, 808)], 5, INK)
    p.line([(235, 780), (235, 842)], 5, INK)
    for x, y, s in ((1180, 240, 40), (1310, 300, 26), (300, 330, 30)):
        p.gull(x, y, s, INK)
    p.save()


def icon():
    p = Print('icon', INK, 512, 512)
    # a harbour lantern
    p.line([(196, 120), (206, 66), (256, 44), (306, 66), (316, 120)], 18, PAPER)
    p.shape([(150, 176), (196, 112), (316, 112), (362, 176)], RUST, 2)
    p.shape([(172, 190), (340, 190), (356, 380), (156, 380)], OCHRE, 2)
    p.shape([(256, 216), (292, 290), (284, 340), (256, 358), (228, 340), (220, 290)], PAPER, 2)
    p.line([(172, 180), (156, 390)], 16, PAPER)
    p.line([(340, 180), (356, 390)], 16, PAPER)
    p.line([(160, 284), (214, 284)], 10, RUST)
    p.line([(298, 284), (352, 284)], 10, RUST)
    p.rect(132, 384, 248, 34, RUST)
    p.rect(150, 426, 212, 26, PAPER)
    p.save()


PICTURES = [harbour, ferry, bridge, span_afloat, keeper, lighthouse, lens, school_gate, drifter, herring, museum, painting,
            floodlights, bakery, oven, flood_wall, storm, allotments, council, market, rain, library, bus_stop, choir, island, icon]

if __name__ == '__main__':
    wanted = {n.replace('-', '_') for n in sys.argv[1:]}
    for picture in PICTURES:
        if not wanted or picture.__name__ in wanted:
            picture()
