"""Drawings for papers: shapes are let in, and nothing that runs, asks somebody else, or costs any amount."""

import pytest

from invoicing_domain.paper.drawing import DEEPEST, MOST_ELEMENTS, UnfitDrawing, check
from tests.support.papers import svg

DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
XHTML = '<!DOCTYPE svg PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
FILLING = "a" * 8192
"""As much as the parser hands over at once."""

PIXEL = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize("before", ["", '<?xml version="1.0" encoding="UTF-8"?>', DOCTYPE, "<!-- Inkscape -->"])
def test_shapes_with_their_colours_are_let_in(before: str) -> None:
    check(svg(before=before))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (svg("<script>alert(1)</script>"), "has a script"),
        (svg('<x:script src="//evil.example"/>'), "has a script"),
        (svg("<foreignObject><x:p/></foreignObject>"), "has a foreignObject"),
        (svg('<image href="https://evil.example/a.png"/>'), "has a image"),
        (svg(f'<image href="{PIXEL}"/>'), "has a image"),
        (svg("<text>Atelier</text>"), "turn text into paths"),
        (svg('<use href="#a"/>'), "has a use"),
        (svg("<pattern/>"), "has a pattern"),
        (svg("<filter/>"), "has a filter"),
        (svg("<animate/>"), "has a animate"),
        (svg("<a/>"), "has a a,"),
        (svg("<g onload='alert(1)'/>"), "attribute onload"),
        (svg(attributes='onload="alert(1)"'), "attribute onload"),
        (svg("<g filter='blur(900)'/>"), "attribute filter"),
        (svg("<linearGradient xlink:href='file:///etc/passwd#a'/>"), "outside of itself: file"),
        (svg("<linearGradient href='javascript:alert(1)'/>"), "outside of itself"),
        (svg("<rect fill='url(https://evil.example/#a)'/>"), "outside of itself"),
        (svg("<rect fill='URL( \"//evil.example\")'/>"), "outside of itself"),
        (svg("<rect style='fill: url(x.svg#a)'/>"), "outside of itself"),
        (svg("<style>@import 'https://evil.example/a.css';</style>"), "more than colour shapes"),
        (svg("<style>rect { fill: u\\72l(x) }</style>"), "more than colour shapes"),
        (svg("<style>rect { filter : blur(900px) }</style>"), "more than colour shapes"),
        (svg("<style>rect { cursor: image-set('x' 1x) }</style>"), "more than colour shapes"),
        (svg("<style><![CDATA[rect { fill: url(x) }]]></style>"), "more than colour shapes"),
        (svg(f"<style>/*{FILLING}*/rect {{ fill: #00f; filt&#101;r: blur(2px) }}</style>"), "more than colour shapes"),
        (svg(f"<style>{FILLING} {{ }} rect {{ fil<!-- -->ter: blur(2px) }}</style>"), "more than colour shapes"),
        (svg("<style>rect { fill: ur<![CDATA[l(x)]]> }</style>"), "more than colour shapes"),
        (svg("<style>rect { fill: ur<g/>l(//evil.example) }</style>"), "a g within a style"),
        (svg("<style>rect { filter/**/: blur(900px) }</style>"), "more than colour shapes"),
        (svg("<style>rect { fill: ur/**/l(x) }</style>"), "more than colour shapes"),
        (svg("<style>rect { cursor: image-set('#a' 1x, 'x' 2x) }</style>"), "more than colour shapes"),
        (svg("<rect style='fill: \\75rl(x)'/>"), "outside of itself"),
        (svg("<rect fill='\\75rl(//evil.example/#a)'/>"), "outside of itself"),
        (svg("<rect fill='ur&#108;(//evil.example/#a)'/>"), "outside of itself"),
        (svg("<g xml:base='//evil.example'><rect fill='url(#a)'/></g>"), "attribute base"),
        (svg("<rect fill='url&lpar;//evil.example)'/>", before=XHTML), "declared elsewhere"),
        (svg(before='<!DOCTYPE svg SYSTEM "https://evil.example/a.dtd">'), "declared elsewhere"),
        (svg("<rect fill='&a;'/>", before='<!DOCTYPE svg [<!ENTITY a "b">]>'), "declares entities"),
        (svg(before='<?xml-stylesheet href="https://evil.example/a.css"?>'), "xml-stylesheet"),
        (svg("<g/>" * MOST_ELEMENTS), "more than 5000 parts"),
        (svg("<g>" * DEEPEST + "</g>" * DEEPEST), "deeper than 50"),
        (b"<svg/>", "it is no SVG"),
        (b'<x xmlns="http://www.w3.org/2000/svg"/>', "it is no SVG"),
        (b'<?xml version="1.0" encoding="klingon"?><svg/>', "not whole"),
        (svg()[:-3], "not whole"),
        (b"", "not whole"),
    ],
)
def test_everything_else_is_refused_by_its_name(content: bytes, complaint: str) -> None:
    with pytest.raises(UnfitDrawing, match=complaint):
        check(content)
