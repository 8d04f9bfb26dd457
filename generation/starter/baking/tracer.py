"""Path tracing of things (Mitsuba 3, with Open Image Denoise after it), with whatever light and colours.

Takes the packages of `requirements/bake.txt` and LLVM 19; importing this imports them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mitsuba
import numpy as np
from numpy.typing import ArrayLike
from pyoidn import denoise

from generation.starter.plates import rig

from .mesh import Floats, normals
from .thing import Finish, Part

mitsuba.set_variant("llvm_ad_rgb")

FLOOR = 60.0  # half the side of the floor
BOUNCES = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the picture is traced: its size in pixels, and the part of it, all when None, as left, top,
    right and bottom.
    """

    width: int
    height: int
    part: tuple[int, int, int, int] | None = None


def scene(
    parts: Sequence[Part],
    colours: Sequence[Floats],
    *,
    camera: str,
    target: float,
    frame: Frame,
    floor: ArrayLike | None,
    lamps: Mapping[str, ArrayLike],
    is_flat: bool = False,
) -> mitsuba.Scene:
    """colours: (n, 3) for the points of each part, of reflectance. floor: its reflectance (3,), or no floor.
    lamps: how much of each, in three channels. is_flat: without any coat, to see where what is.
    """
    described: dict[str, object] = {"type": "scene", "sensor": _sensor(camera, target, frame)}
    if floor is not None:
        described["floor"] = {
            "type": "rectangle",
            "to_world": mitsuba.ScalarTransform4f().scale([FLOOR, FLOOR, 1]),
            "bsdf": {"type": "diffuse", "reflectance": _rgb(floor)},
        }
    for number, (part, colour) in enumerate(zip(parts, colours, strict=True)):
        described[f"part {number}"] = _shape(f"part {number}", part, colour, is_flat)
    for name, amount in lamps.items():
        described |= _lamp(name, rig.radiance(name) * np.asarray(amount, float))
    return mitsuba.load_dict(described)


def trace(made: mitsuba.Scene, samples: int, seed: int = 0) -> Floats:
    """(h, w, 3) of light, without its noise."""
    layers = _render(made, {"type": "path", "max_depth": BOUNCES, "hide_emitters": True}, samples, seed)
    light, albedo, facing = (np.ascontiguousarray(layers[..., at : at + 3]) for at in (0, 3, 6))
    return np.asarray(denoise(light, albedo=np.clip(albedo, 0, 1), normal=facing, hdr=True))


def coverage(made: mitsuba.Scene, samples: int) -> Floats:
    """(h, w, 3): the colours of a flat scene as they are, and what of each pixel they fill."""
    return np.nan_to_num(_render(made, None, samples, 0)[..., -6:-3])


def _render(made: mitsuba.Scene, integrator: dict | None, samples: int, seed: int) -> Floats:
    asked: dict[str, object] = {"type": "aov", "aovs": "albedo:albedo,facing:sh_normal"}
    if integrator:
        asked["image"] = integrator
    return np.array(mitsuba.render(made, integrator=mitsuba.load_dict(asked), spp=samples, seed=seed))


def _sensor(camera: str, target: float, frame: Frame) -> dict[str, object]:
    seen = rig.view(camera, target)
    film: dict[str, object] = {
        "type": "hdrfilm",
        "width": frame.width,
        "height": frame.height,
        "rfilter": {"type": "box"},
        "pixel_format": "rgb",
        "component_format": "float32",
    }
    if frame.part:
        left, top, right, bottom = frame.part
        film |= {
            "crop_offset_x": left,
            "crop_offset_y": top,
            "crop_width": right - left,
            "crop_height": bottom - top,
        }
    return {
        "type": "perspective",
        "fov_axis": "y",
        "fov": float(2 * np.degrees(np.arctan(rig.SPAN / 2 / rig.DISTANCE))),
        "to_world": mitsuba.ScalarTransform4f().look_at(
            origin=list(seen.origin), target=list(seen.origin + seen.ahead), up=list(seen.up)
        ),
        "film": film,
        "sampler": {"type": "independent"},
    }


def _shape(name: str, part: Part, colour: Floats, is_flat: bool) -> mitsuba.Mesh:
    properties = mitsuba.Properties()
    properties["mesh_bsdf"] = mitsuba.load_dict(_surface(Finish("matte") if is_flat else part.finish))
    points, faces = part.mesh
    shape = mitsuba.Mesh(name, len(points), len(faces), has_vertex_normals=True, props=properties)
    shape.add_attribute("vertex_color", 3, np.ascontiguousarray(colour, np.float32).ravel())
    held = mitsuba.traverse(shape)
    held["vertex_positions"] = points.astype(np.float32).ravel()
    held["faces"] = faces.astype(np.uint32).ravel()
    held["vertex_normals"] = normals(part.mesh).astype(np.float32).ravel()
    held.update()
    return shape


def _surface(finish: Finish) -> dict[str, object]:
    """Each is exactly linear in its colour: without sheen, tints or flakes."""
    colour = {"type": "mesh_attribute", "name": "vertex_color"}
    alpha = finish.roughness**2
    if finish.kind == "leaf":
        return {
            "type": "principledthin",
            "base_color": colour,
            "roughness": finish.roughness,
            "diff_trans": 0.6,
            "eta": 1.4,
        }
    if finish.kind == "metal":
        inner = {
            "type": "roughconductor",
            "material": "none",
            "alpha": alpha,
            "specular_reflectance": colour,
        }
    elif finish.kind == "coat":
        inner = {
            "type": "principled",
            "base_color": colour,
            "roughness": finish.roughness,
            "specular": 0.5,
        }
    else:
        inner = {"type": "diffuse", "reflectance": colour}
    return {"type": "twosided", "inner": inner}


def _lamp(name: str, radiance: Floats) -> dict[str, object]:
    lamp = rig.LAMPS[name]
    if lamp is None:
        return {name: {"type": "constant", "radiance": _rgb(radiance)}}
    world = mitsuba.ScalarTransform4f
    turned = world().look_at(origin=list(lamp.at), target=list(lamp.to), up=[0, 0, 1])
    black = {"type": "diffuse", "reflectance": _rgb(np.zeros(3))}
    made: dict[str, object] = {
        name: {
            "type": "rectangle",
            "to_world": turned @ world().scale([*lamp.half, 1]),
            "emitter": {"type": "area", "radiance": _rgb(radiance)},
            "bsdf": black,
        }
    }
    for number, (x, y, half_x, half_y) in enumerate(rig.bars() if name == "window" else ()):
        made[f"{name} bar {number}"] = {
            "type": "rectangle",
            "to_world": turned
            @ world().translate([x, y, rig.reach(lamp) * rig.WALL_AT])
            @ world().scale([half_x, half_y, 1]),
            "bsdf": {"type": "twosided", "inner": black},
        }
    return made


def _rgb(values: ArrayLike) -> dict[str, object]:
    return {"type": "rgb", "value": [float(value) for value in np.asarray(values)]}
