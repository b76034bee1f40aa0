export const VERTEX = `#version 300 es
void main() {
  vec2 p = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(p, 0.0, 1.0);
}`;

/** The processor's arithmetic, pixel for pixel: voxels are fetched whole and interpolated here, not by the card. */
export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp isampler3D;
precision highp usampler3D;
precision highp sampler3D;
uniform isampler3D volume;
uniform usampler3D labels;
uniform sampler3D field;
uniform sampler2D styles;
uniform sampler2D colours;
uniform mat3 volumeSteps, labelSteps, fieldSteps;
uniform ivec3 volumeSize, labelSize, fieldSize;
uniform ivec2 size;
uniform vec2 window;
uniform vec4 fieldLook;
uniform int lineCount;
uniform vec4 lines[8];
out vec4 pixel;

vec3 place(mat3 steps, vec2 at) { return steps * vec3(1.0, at); }

float ct(ivec3 n) { return float(texelFetch(volume, n, 0).r); }
float dose(ivec3 n) { return texelFetch(field, n, 0).r; }

#define LINEAR(name, fetch) float name(vec3 p, ivec3 count) { \\
  ivec3 n = clamp(ivec3(p), ivec3(0), max(count - 2, ivec3(0))); \\
  ivec3 s = min(ivec3(1), count - 1); \\
  vec3 f = p - vec3(n); \\
  float a = mix(fetch(n), fetch(n + ivec3(s.x, 0, 0)), f.x); \\
  float b = mix(fetch(n + ivec3(0, s.y, 0)), fetch(n + ivec3(s.x, s.y, 0)), f.x); \\
  float c = mix(fetch(n + ivec3(0, 0, s.z)), fetch(n + ivec3(s.x, 0, s.z)), f.x); \\
  float d = mix(fetch(n + ivec3(0, s.y, s.z)), fetch(n + s), f.x); \\
  return mix(mix(a, b, f.y), mix(c, d, f.y), f.z); \\
}
LINEAR(linearCt, ct)
LINEAR(linearDose, dose)

bool inside(vec3 p, ivec3 count, float rim) {
  return all(greaterThanEqual(p, vec3(-rim))) && all(lessThanEqual(p, vec3(count) - 1.0 + rim));
}

int labelAt(vec2 at) {
  vec3 p = place(labelSteps, at);
  if (!inside(p, labelSize, 0.499)) return 0;
  return int(texelFetch(labels, ivec3(p + 0.5), 0).r);
}

bool differs(vec2 at, int id) {
  if (at.x < 0.0 || at.y < 0.0 || at.x >= float(size.x) || at.y >= float(size.y)) return false;
  return labelAt(at) != id;
}

float doseAt(vec2 at, float outside) {
  if (at.x >= float(size.x) || at.y >= float(size.y)) return outside;
  vec3 p = place(fieldSteps, at);
  return inside(p, fieldSize, 0.0) ? linearDose(p, fieldSize) : -1e30;
}

vec3 withField(vec3 colour, vec2 at) {
  float here = doseAt(at, -1e30);
  float right = doseAt(at + vec2(1, 0), here);
  float below = doseAt(at + vec2(0, 1), here);
  bool line = false;
  for (int n = 0; n < lineCount; n++) {
    bool over = here >= lines[n].w;
    if (over != (right >= lines[n].w) || over != (below >= lines[n].w)) {
      colour = lines[n].rgb;
      line = true;
    }
  }
  if (line || here < fieldLook.z) return colour;
  int entry = clamp(int(floor((here - fieldLook.x) * fieldLook.y + 0.5)), 0, 255);
  return mix(colour, texelFetch(colours, ivec2(entry, 0), 0).rgb, fieldLook.w);
}

void main() {
  vec2 at = vec2(floor(gl_FragCoord.x), float(size.y) - 1.0 - floor(gl_FragCoord.y));
  vec3 p = place(volumeSteps, at);
  float grey = 0.0;
  if (volumeSize.x > 0 && inside(p, volumeSize, 1e-3)) {
    grey = clamp(floor(linearCt(p, volumeSize) * window.x + window.y), 0.0, 255.0) / 255.0;
  }
  vec3 colour = vec3(grey);
  if (fieldSize.x > 0) colour = withField(colour, at);
  if (labelSize.x > 0) {
    int id = labelAt(at);
    if (id > 0) {
      bool edge = differs(at - vec2(1, 0), id) || differs(at + vec2(1, 0), id)
        || differs(at - vec2(0, 1), id) || differs(at + vec2(0, 1), id);
      vec4 style = texelFetch(styles, ivec2(id, edge ? 1 : 0), 0);
      colour = mix(colour, style.rgb, style.a);
    }
  }
  pixel = vec4(colour, 1.0);
}`;
